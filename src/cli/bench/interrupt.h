// A run that is interrupted still stops its server and removes its files.
#pragma once

namespace jangbu::cli::bench {

/// Holds back SIGINT and SIGTERM for this process from now on; interrupted() tells whether one has come. Call
/// it before any thread starts.
void hold_interrupts();
[[nodiscard]] bool interrupted();
/// Undoes hold_interrupts(), in a child before it becomes another program. Async-signal-safe.
void release_interrupts();

}  // namespace jangbu::cli::bench
