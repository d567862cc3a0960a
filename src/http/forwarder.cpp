#include "http/forwarder.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <string_view>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include <curl/curl.h>
#include <spdlog/spdlog.h>

#include "http/curl_options.h"

namespace jangbu::http {
namespace {

constexpr std::string_view forwarded_header = "Jangbu-Forwarded";

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

/// Headers that speak about one connection (RFC 9110, 7.6.1) or are set anew for the next one.
bool is_of_the_connection(std::string_view name) {
  static constexpr std::array names = {"connection",
                                       "keep-alive",
                                       "proxy-connection",
                                       "proxy-authenticate",
                                       "te",
                                       "trailer",
                                       "transfer-encoding",
                                       "proxy-authorization",
                                       "upgrade",
                                       "content-length",
                                       "expect"};
  return std::any_of(names.begin(), names.end(),
                     [name](const char* other) { return equals_caseless(name, other); });
}

/// Whether the Connection header names `name` as one of its own.
bool is_nominated(std::string_view connection, std::string_view name) {
  while (!connection.empty()) {
    const std::size_t comma = std::min(connection.find(','), connection.size());
    if (equals_caseless(trim(connection.substr(0, comma)), name)) return true;
    connection.remove_prefix(std::min(comma + 1, connection.size()));
  }
  return false;
}

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using HeaderList = std::unique_ptr<curl_slist, ListDeleter>;

void append(HeaderList& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  if (longer == nullptr) return;
  (void)list.release();
  list.reset(longer);
}

HeaderList headers_to_send(const Request& request) {
  HeaderList list;
  const std::string* const connection = request.header("Connection");
  bool has_accept = false;
  bool has_content_type = false;
  for (const Header& header : request.headers()) {
    if (is_of_the_connection(header.name)) continue;
    if (connection != nullptr && is_nominated(*connection, header.name)) continue;
    if (equals_caseless(header.name, "x-forwarded-for")) continue;
    if (equals_caseless(header.name, "traceparent")) continue;
    has_accept = has_accept || equals_caseless(header.name, "accept");
    has_content_type = has_content_type || equals_caseless(header.name, "content-type");
    // libcurl takes "Name:" for an order to leave the header out.
    append(list, header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
  }
  append(list, std::string(forwarded_header) + ": 1");
  // Not what the client wrote: the writer may trust this node, and this node knows whom it heard.
  append(list, "X-Forwarded-For: " + request.peer());
  append(list, "traceparent: " + std::string(request.traceparent()));
  append(list, "Expect:");
  if (!has_accept) append(list, "Accept:");
  if (!has_content_type) append(list, "Content-Type:");
  return list;
}

/// One request on its way.
struct Transfer {
  Responder responder;
  std::string url;
  HeaderList headers;
  Response response;
  std::string connection;  // the answer's Connection header
  std::size_t max_answer_bytes;
};

std::size_t on_header(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string_view line = trim({data, size * count});
  if (line.starts_with("HTTP/")) {
    // An interim answer may have come before.
    transfer.response.headers.clear();
    transfer.response.content_type.clear();
    return size * count;
  }
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return size * count;
  const std::string_view name = line.substr(0, colon);
  const std::string_view value = trim(line.substr(colon + 1));
  if (equals_caseless(name, "content-type")) {
    transfer.response.content_type = value;
  } else if (equals_caseless(name, "connection")) {
    transfer.connection = value;
  } else if (!is_of_the_connection(name)) {
    transfer.response.headers.push_back({std::string(name), std::string(value)});
  }
  return size * count;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  if (transfer.response.body.size() + size * count > transfer.max_answer_bytes) return 0;
  transfer.response.body.append(data, size * count);
  return size * count;
}

/// Failures before anything was sent, since the other side did not prove who it is.
bool is_distrust(CURLcode result) {
  return result == CURLE_SSL_CONNECT_ERROR || result == CURLE_PEER_FAILED_VERIFICATION ||
         result == CURLE_SSL_CACERT_BADFILE;
}

class CurlForwarder final : public Forwarder {
 public:
  CurlForwarder(const Router& dialects, const ForwarderOptions& options, CURLM* multi)
      : dialects_(dialects), options_(options), multi_(multi), thread_([this] { run(); }) {}

  ~CurlForwarder() override {
    stopping_.store(true, std::memory_order_release);
    curl_multi_wakeup(multi_);
    thread_.join();
    for (CURL* easy : idle_) curl_easy_cleanup(easy);
    curl_multi_cleanup(multi_);
  }
  CurlForwarder(const CurlForwarder&) = delete;
  CurlForwarder& operator=(const CurlForwarder&) = delete;

  void forward(Responder responder, std::string base_url) override {
    if (responder.request().header(forwarded_header) != nullptr) {
      refuse(std::move(responder), "this node is not the writer");
      return;
    }
    std::unique_lock lock(mutex_);
    if (waiting_.size() >= options_.max_waiting) {
      lock.unlock();
      refuse(std::move(responder), "too many requests wait for the writer");
      return;
    }
    waiting_.push_back({std::move(responder), std::move(base_url)});
    lock.unlock();
    curl_multi_wakeup(multi_);
  }

 private:
  struct Waiting {
    Responder responder;
    std::string base_url;
  };

  void refuse(Responder responder, std::string_view message) {
    Response response = dialects_.render_error(responder.request().path(), 503, message);
    responder.respond(std::move(response));
  }

  void run();
  void start_waiting();
  void begin(Waiting&& waiting);
  void finish(CURL* easy, CURLcode result);
  void note_trust(CURLcode result, const std::string& url);
  void refuse_all();

  const Router dialects_;
  const ForwarderOptions options_;
  CURLM* const multi_;
  std::mutex mutex_;
  std::deque<Waiting> waiting_;
  std::atomic<bool> stopping_{false};

  // The thread's own.
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> active_;
  std::vector<CURL*> idle_;
  CURLcode distrust_ = CURLE_OK;  // why the last node was not believed

  std::thread thread_;  // last: it uses all of the above
};

void CurlForwarder::run() {
  while (!stopping_.load(std::memory_order_acquire)) {
    start_waiting();
    int running = 0;
    curl_multi_perform(multi_, &running);
    bool freed = false;
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      finish(message->easy_handle, message->data.result);
      freed = true;
    }
    // What was queued after start_waiting() has left a wake-up, which ends this at once.
    if (!freed) curl_multi_poll(multi_, nullptr, 0, 1000, nullptr);
  }
  refuse_all();
}

void CurlForwarder::start_waiting() {
  while (active_.size() < options_.max_active) {
    std::unique_lock lock(mutex_);
    if (waiting_.empty()) return;
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    begin(std::move(next));
  }
}

void CurlForwarder::begin(Waiting&& waiting) {
  CURL* easy = nullptr;
  if (idle_.empty()) {
    easy = curl_easy_init();
  } else {
    easy = idle_.back();
    idle_.pop_back();
    curl_easy_reset(easy);
  }
  if (easy == nullptr) {
    refuse(std::move(waiting.responder), "the writer cannot be reached");
    return;
  }
  auto transfer = std::make_unique<Transfer>(Transfer{
      std::move(waiting.responder), std::move(waiting.base_url), nullptr, {}, {}, options_.max_answer_bytes});
  const Request& request = transfer->responder.request();
  transfer->url += request.path();
  if (!request.query().empty()) {
    transfer->url += '?';
    transfer->url += request.query();
  }
  transfer->headers = headers_to_send(request);

  const std::string method(method_name(request.method()));
  CurlOptions options(easy);
  options.set(CURLOPT_URL, transfer->url.c_str());
  options.set(CURLOPT_PATH_AS_IS, 1L);
  options.set(CURLOPT_PROTOCOLS_STR, "http,https");
  options.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  options.set(CURLOPT_PROXY, "");
  options.set(CURLOPT_NOSIGNAL, 1L);
  // The system's authorities are in a directory, too, which libcurl looks into after the file.
  if (!options_.authorities.empty()) options.set(CURLOPT_CAINFO, options_.authorities.c_str());
  options.set(CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_timeout_ms));
  options.set(CURLOPT_TIMEOUT_MS, static_cast<long>(options_.total_timeout_ms));
  options.set(CURLOPT_HTTPHEADER, transfer->headers.get());
  options.set(CURLOPT_HEADERFUNCTION, on_header);
  options.set(CURLOPT_HEADERDATA, transfer.get());
  options.set(CURLOPT_WRITEFUNCTION, on_body);
  options.set(CURLOPT_WRITEDATA, transfer.get());
  if (request.method() == Method::head) {
    options.set(CURLOPT_NOBODY, 1L);
  } else {
    const bool bodiless =
        request.body().empty() && (request.method() == Method::get || request.method() == Method::del ||
                                   request.method() == Method::options);
    if (!bodiless) {
      // Not copied: the request lives as long as its Responder.
      options.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body().size()));
      options.set(CURLOPT_POSTFIELDS, request.body().empty() ? "" : request.body().data());
    }
    options.set(CURLOPT_CUSTOMREQUEST, method.c_str());
  }
  if (options.refused() != CURLE_OK || curl_multi_add_handle(multi_, easy) != CURLM_OK) {
    curl_easy_cleanup(easy);
    refuse(std::move(transfer->responder), "the writer cannot be reached");
    return;
  }
  active_.emplace(easy, std::move(transfer));
}

void CurlForwarder::finish(CURL* easy, CURLcode result) {
  const auto place = active_.find(easy);
  const std::unique_ptr<Transfer> transfer = std::move(place->second);
  active_.erase(place);
  long status = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_multi_remove_handle(multi_, easy);
  idle_.push_back(easy);
  note_trust(result, transfer->url);
  if (result == CURLE_OK && status >= 200) {
    Response& response = transfer->response;
    response.status = static_cast<int>(status);
    std::erase_if(response.headers,
                  [&](const Header& header) { return is_nominated(transfer->connection, header.name); });
    transfer->responder.respond(std::move(response));
  } else if (result == CURLE_COULDNT_CONNECT || result == CURLE_COULDNT_RESOLVE_HOST || is_distrust(result)) {
    refuse(std::move(transfer->responder), "the writer cannot be reached");
  } else {
    refuse(std::move(transfer->responder),
           "the writer did not answer; the outcome is unknown, repeat with the same key");
  }
}

/// One line when it begins, not one for each request.
void CurlForwarder::note_trust(CURLcode result, const std::string& url) {
  if (is_distrust(result) && result != distrust_)
    spdlog::error("http: the writer at {} is not believed: {}",
                  url.substr(0, url.find('/', url.find("//") + 2)), curl_easy_strerror(result));
  if (result == CURLE_OK || is_distrust(result)) distrust_ = result;
}

void CurlForwarder::refuse_all() {
  for (auto& [easy, transfer] : active_) {
    curl_multi_remove_handle(multi_, easy);
    idle_.push_back(easy);
    refuse(std::move(transfer->responder),
           "the server is shutting down; the outcome is unknown, repeat with the same key");
  }
  active_.clear();
  const std::lock_guard lock(mutex_);
  for (Waiting& waiting : waiting_) refuse(std::move(waiting.responder), "the server is shutting down");
  waiting_.clear();
}

}  // namespace

Result<std::unique_ptr<Forwarder>> Forwarder::start(const Router& dialects, const ForwarderOptions& options) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* const multi = initialised == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) return Error(Errc::internal, "libcurl cannot start");
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, static_cast<long>(options.max_active));
  curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, static_cast<long>(options.max_active));
  return std::unique_ptr<Forwarder>(std::make_unique<CurlForwarder>(dialects, options, multi));
}

}  // namespace jangbu::http
