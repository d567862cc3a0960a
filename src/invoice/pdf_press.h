// Where invoices become PDFs: a thread of their own, since a page takes milliseconds.
#pragma once

#include <functional>

#include "base/worker.h"
#include "invoice/pdf.h"

namespace jangbu::invoice {

/// One thread that makes one document at a time, behind a bounded queue: a flood of downloads costs one core,
/// and neither the writer nor a lane waits for it. Thread-safe.
class PdfPress {
 public:
  explicit PdfPress(std::size_t max_waiting = 64) : worker_(max_waiting) {}

  /// `done` is called once, on the press's thread; it must not block. Error, at once and without a call:
  /// overloaded. What still waits at stop() is dropped, `done` uncalled.
  Status print(PdfInvoice invoice, std::function<void(Result<Bytes>)> done);
  void stop() { worker_.stop(); }

 private:
  Worker worker_;
};

}  // namespace jangbu::invoice
