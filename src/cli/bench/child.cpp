#include "cli/bench/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/bench/interrupt.h"
#include "cli/installation.h"

namespace jangbu::cli::bench {
namespace {

constexpr const char* this_program = "/proc/self/exe";
/// Between two looks whether this run was interrupted.
constexpr int poll_slice_ms = 100;
constexpr int exec_failed = 127;

Error failed(const std::string& what) { return Error(Errc::io_error, what + ": " + std::strerror(errno)); }

/// In the child, between fork and exec: async-signal-safe calls alone.
[[noreturn]] void become(char* const* arguments, int output, pid_t parent) {
  release_interrupts();
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (::getppid() != parent) ::_exit(exec_failed);
  ::dup2(output, STDOUT_FILENO);
  ::execv(this_program, arguments);
  ::_exit(exec_failed);
}

/// The number behind "NAME:" in the text of /proc/PID/status.
std::uint64_t status_number(const std::string& status, const std::string& name) {
  const std::size_t at = status.find(name + ":");
  return at == std::string::npos ? 0 : std::strtoull(status.c_str() + at + name.size() + 1, nullptr, 10);
}

/// Time in user and system mode from the text of /proc/PID/stat: fields 14 and 15, counted behind the name.
std::uint64_t processor_us(const std::string& stat) {
  constexpr int fields_before = 11;
  constexpr std::uint64_t us_a_second = 1'000'000;
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(stat.substr(name_end + 1));
  std::string skipped;
  for (int i = 0; i < fields_before; ++i) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  return (user + system) * us_a_second / static_cast<std::uint64_t>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const Clock& clock, const std::vector<std::string>& arguments) {
  std::string name = "jangbu";
  std::vector<std::string> texts = arguments;
  std::vector<char*> pointers{name.data()};
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return failed("pipe");
  const pid_t parent = ::getpid();
  const pid_t pid = ::fork();
  if (pid == 0) become(pointers.data(), pipe[1], parent);
  ::close(pipe[1]);
  if (pid < 0) {
    ::close(pipe[0]);
    return failed("fork");
  }
  return std::unique_ptr<Child>(new Child(clock, pid, pipe[0]));
}

Child::~Child() {
  kill_now();
  ::close(output_);
}

void Child::send_signal(int signal_number) const {
  if (pid_ != 0) ::kill(pid_, signal_number);
}

void Child::kill_now() {
  if (pid_ == 0) return;
  send_signal(SIGKILL);
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) continue;
  pid_ = 0;
}

/// false at the end of its output.
Result<bool> Child::read_more(std::int64_t give_up_us) {
  for (;;) {
    if (interrupted()) return Error(Errc::io_error, "interrupted");
    if (clock_.monotonic_us() >= give_up_us) return Error(Errc::io_error, "the child takes too long");
    pollfd waiting{output_, POLLIN, 0};
    if (::poll(&waiting, 1, poll_slice_ms) > 0) break;
  }
  std::array<char, 4096> buffer{};
  const ssize_t count = ::read(output_, buffer.data(), buffer.size());
  if (count < 0) return failed("read");
  unread_.append(buffer.data(), static_cast<std::size_t>(count));
  return count > 0;
}

Result<std::string> Child::await_line(std::string_view prefix, std::int64_t patience_ms) {
  const std::int64_t give_up_us = clock_.monotonic_us() + patience_ms * 1000;
  for (;;) {
    const std::size_t end = unread_.find('\n');
    if (end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 1);
      if (line.starts_with(prefix)) return line;
      continue;
    }
    ASSIGN_OR_RETURN(const bool more, read_more(give_up_us));
    if (!more) return Error(Errc::io_error, "the child ended before it was ready");
  }
}

Result<std::string> Child::await_success(std::int64_t patience_ms) {
  const std::int64_t give_up_us = clock_.monotonic_us() + patience_ms * 1000;
  for (bool more = true; more;) {
    ASSIGN_OR_RETURN(more, read_more(give_up_us));
  }
  // Its output ends when it does: no thread of it is left that could hold this up.
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) continue;
  pid_ = 0;
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    return Error(Errc::io_error, unread_.empty() ? std::string("the child failed") : unread_);
  return std::move(unread_);
}

Result<Child::Usage> Child::usage() const {
  const std::string directory = "/proc/" + std::to_string(pid_);
  ASSIGN_OR_RETURN(const std::string status, read_file(directory + "/status"));
  ASSIGN_OR_RETURN(const std::string stat, read_file(directory + "/stat"));
  return Usage{status_number(status, "VmHWM"), status_number(status, "VmRSS"), processor_us(stat)};
}

}  // namespace jangbu::cli::bench
