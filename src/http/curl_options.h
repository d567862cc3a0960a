// The options of a transfer by libcurl: one that it refuses is remembered, so that nothing is sent without
// it.
#pragma once

#include <curl/curl.h>

namespace jangbu::http {

class CurlOptions {
 public:
  explicit CurlOptions(CURL* easy) : easy_(easy) {}

  template <typename Value>
  void set(CURLoption option, Value value) {
    const CURLcode code = curl_easy_setopt(easy_, option, value);
    if (refused_ == CURLE_OK) refused_ = code;
  }
  /// Performs the transfer, unless an option was refused: then why the first of them was.
  [[nodiscard]] CURLcode perform() const {
    return refused_ == CURLE_OK ? curl_easy_perform(easy_) : refused_;
  }
  /// Why the first refused option was; CURLE_OK: none was.
  [[nodiscard]] CURLcode refused() const { return refused_; }

 private:
  CURL* easy_;
  CURLcode refused_ = CURLE_OK;
};

}  // namespace jangbu::http
