#include "delivery/client.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <mutex>
#include <thread>
#include <unordered_map>

#include <curl/curl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace jangbu::delivery {
namespace {

struct ListDeleter {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using List = std::unique_ptr<curl_slist, ListDeleter>;

void append(List& list, const std::string& line) {
  curl_slist* const longer = curl_slist_append(list.get(), line.c_str());
  INVARIANT(longer != nullptr, "memory for a header");
  (void)list.release();
  list.reset(longer);
}

/// One request on its way; owned by the client's thread once it has started.
struct Transfer {
  const ClientOptions* options = nullptr;
  Client::Done done;
  Post post;
  Submission submission;
  bool is_mail = false;
  bool is_get = false;  // of the post's URL

  List lines;  // headers, or receivers
  Answer answer;
  std::size_t sent = 0;          // of the message
  std::size_t header_bytes = 0;  // received
  bool cut_off = false;          // the answer's body is longer than we read
  bool headers_too_long = false;
  bool address_refused = false;
  std::array<char, CURL_ERROR_SIZE> error{};
};

std::size_t on_header(char*, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  transfer.header_bytes += size * count;
  if (transfer.header_bytes <= transfer.options->max_header_bytes) return size * count;
  transfer.headers_too_long = true;
  return 0;
}

std::size_t on_body(char* data, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::size_t room = transfer.options->max_answer_bytes - transfer.answer.body.size();
  transfer.answer.body.append(data, std::min(room, size * count));
  if (size * count <= room) return size * count;
  transfer.cut_off = true;
  return 0;
}

std::size_t on_send(char* buffer, std::size_t size, std::size_t count, void* user) {
  auto& transfer = *static_cast<Transfer*>(user);
  const std::string& message = transfer.submission.message;
  const std::size_t piece = std::min(size * count, message.size() - transfer.sent);
  std::memcpy(buffer, message.data() + transfer.sent, piece);
  transfer.sent += piece;
  return piece;
}

/// The one place where a socket comes from: sees the address that will be connected to.
curl_socket_t on_open_socket(void* user, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(user);
  AddressKind kind = AddressKind::other;
  if (address->family == AF_INET && address->addrlen >= sizeof(sockaddr_in)) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address->addr, sizeof v4);
    kind = classify_address({reinterpret_cast<const std::uint8_t*>(&v4.sin_addr), 4});
  } else if (address->family == AF_INET6 && address->addrlen >= sizeof(sockaddr_in6)) {
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address->addr, sizeof v6);
    kind = classify_address({reinterpret_cast<const std::uint8_t*>(&v6.sin6_addr), 16});
  }
  if (!may_reach(kind, transfer.options->reach)) {
    transfer.address_refused = true;
    return CURL_SOCKET_BAD;
  }
  return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

template <typename Value>
void set(CURL* easy, CURLoption option, Value value) {
  const CURLcode code = curl_easy_setopt(easy, option, value);
  INVARIANT(code == CURLE_OK, std::string("libcurl knows the option: ") + curl_easy_strerror(code));
}

void prepare_common(CURL* easy, Transfer& transfer) {
  set(easy, CURLOPT_PRIVATE, &transfer);
  set(easy, CURLOPT_NOSIGNAL, 1L);
  set(easy, CURLOPT_ERRORBUFFER, transfer.error.data());
  // A name server that does not answer must not hold up the thread when its transfer is given up.
  set(easy, CURLOPT_QUICK_EXIT, 1L);
  set(easy, CURLOPT_PROXY, "");
  set(easy, CURLOPT_CONNECTTIMEOUT_MS, transfer.options->connect_timeout_ms);
  set(easy, CURLOPT_TIMEOUT_MS, transfer.options->timeout_ms);
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, &transfer);
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, &transfer);
}

void prepare_request(CURL* easy, Transfer& transfer) {
  const Post& post = transfer.post;
  set(easy, CURLOPT_URL, post.url.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, transfer.options->reach == Reach::loopback_too ? "http,https" : "https");
  set(easy, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy, CURLOPT_HTTP09_ALLOWED, 0L);
  set(easy, CURLOPT_OPENSOCKETFUNCTION, &on_open_socket);
  set(easy, CURLOPT_OPENSOCKETDATA, &transfer);
  if (transfer.is_get) {
    set(easy, CURLOPT_HTTPGET, 1L);
  } else {
    set(easy, CURLOPT_POST, 1L);
    set(easy, CURLOPT_POSTFIELDS, post.body.c_str());
    set(easy, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(post.body.size()));
    append(transfer.lines, "Content-Type: " + post.content_type);
  }
  append(transfer.lines, "User-Agent: Jangbu");
  append(transfer.lines, "Expect:");
  for (const http::Header& header : post.headers) {
    const auto has_control = [](std::string_view text) {
      return std::any_of(text.begin(), text.end(), [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; });
    };
    INVARIANT(!has_control(header.name) && !has_control(header.value), "a header is one line");
    append(transfer.lines, header.name + ": " + header.value);
  }
  set(easy, CURLOPT_HTTPHEADER, transfer.lines.get());
}

void prepare_mail(CURL* easy, Transfer& transfer) {
  const Submission& mail = transfer.submission;
  set(easy, CURLOPT_URL, mail.server.c_str());
  set(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  set(easy, CURLOPT_USE_SSL, static_cast<long>(mail.tls == Tls::required ? CURLUSESSL_ALL : CURLUSESSL_TRY));
  if (!mail.user.empty()) {
    set(easy, CURLOPT_USERNAME, mail.user.c_str());
    set(easy, CURLOPT_PASSWORD, mail.password.c_str());
  }
  set(easy, CURLOPT_MAIL_FROM, ("<" + mail.from + ">").c_str());
  append(transfer.lines, "<" + mail.to + ">");
  set(easy, CURLOPT_MAIL_RCPT, transfer.lines.get());
  set(easy, CURLOPT_UPLOAD, 1L);
  set(easy, CURLOPT_READFUNCTION, &on_send);
  set(easy, CURLOPT_READDATA, &transfer);
  set(easy, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(mail.message.size()));
}

std::string error_of(const Transfer& transfer, CURLcode code) {
  if (transfer.address_refused) return "the address is not public";
  if (transfer.headers_too_long) return "the answer's headers are too long";
  if (transfer.error[0] != '\0') return transfer.error.data();
  return curl_easy_strerror(code);
}

class CurlClient final : public Client {
 public:
  CurlClient(ClientOptions options, CURLM* multi)
      : options_(options), multi_(multi), thread_([this] { run(); }) {}
  CurlClient(const CurlClient&) = delete;
  CurlClient& operator=(const CurlClient&) = delete;

  ~CurlClient() override {
    stopping_.store(true, std::memory_order_release);
    curl_multi_wakeup(multi_);
    thread_.join();
    curl_multi_cleanup(multi_);
  }

  void post(Post post, Done done) override {
    auto transfer = std::make_unique<Transfer>();
    transfer->post = std::move(post);
    enqueue(std::move(transfer), std::move(done));
  }

  void get(std::string url, Done done) override {
    auto transfer = std::make_unique<Transfer>();
    transfer->is_get = true;
    transfer->post.url = std::move(url);
    enqueue(std::move(transfer), std::move(done));
  }

  void submit(Submission submission, Done done) override {
    auto transfer = std::make_unique<Transfer>();
    transfer->is_mail = true;
    transfer->submission = std::move(submission);
    enqueue(std::move(transfer), std::move(done));
  }

 private:
  void enqueue(std::unique_ptr<Transfer> transfer, Done done) {
    transfer->options = &options_;
    transfer->done = std::move(done);
    {
      const std::lock_guard lock(mutex_);
      waiting_.push_back(std::move(transfer));
    }
    curl_multi_wakeup(multi_);
  }

  void run() {
    while (!stopping_.load(std::memory_order_acquire)) {
      start_waiting();
      int running = 0;
      curl_multi_perform(multi_, &running);
      int left = 0;
      while (const CURLMsg* message = curl_multi_info_read(multi_, &left))
        if (message->msg == CURLMSG_DONE) finish(message->easy_handle, message->data.result);
      curl_multi_poll(multi_, nullptr, 0, 1'000, nullptr);
    }
    while (!running_.empty()) {
      CURL* const easy = running_.begin()->first;
      auto transfer = std::move(running_.begin()->second);
      running_.erase(running_.begin());
      curl_multi_remove_handle(multi_, easy);
      curl_easy_cleanup(easy);
      stop(*transfer);
    }
    for (const auto& transfer : take_waiting()) stop(*transfer);
  }

  static void stop(Transfer& transfer) {
    transfer.answer = {};
    transfer.answer.error = "the program is stopping";
    transfer.done(std::move(transfer.answer));
  }

  std::vector<std::unique_ptr<Transfer>> take_waiting() {
    const std::lock_guard lock(mutex_);
    return std::exchange(waiting_, {});
  }

  void start_waiting() {
    for (auto& transfer : take_waiting()) {
      if (!transfer->is_mail) {
        if (const Status checked = check_url(transfer->post.url, options_.reach); !checked) {
          transfer->answer.error = checked.error().detail;
          transfer->done(std::move(transfer->answer));
          continue;
        }
      }
      CURL* const easy = curl_easy_init();
      INVARIANT(easy != nullptr, "memory for a request");
      prepare_common(easy, *transfer);
      transfer->is_mail ? prepare_mail(easy, *transfer) : prepare_request(easy, *transfer);
      curl_multi_add_handle(multi_, easy);
      running_.emplace(easy, std::move(transfer));
    }
  }

  void finish(CURL* easy, CURLcode code) {
    const auto it = running_.find(easy);
    INVARIANT(it != running_.end(), "a transfer that ends has begun");
    const std::unique_ptr<Transfer> transfer = std::move(it->second);
    running_.erase(it);
    Answer& answer = transfer->answer;
    long status = 0;
    curl_off_t total_us = 0;
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(easy, CURLINFO_TOTAL_TIME_T, &total_us);
    answer.duration_us = total_us;
    answer.status = static_cast<int>(status);
    answer.cut_off = transfer->cut_off;
    if (code != CURLE_OK && !transfer->cut_off) {
      answer.error = error_of(*transfer, code);
      // A status line alone is no answer. What a mail server said is the reason.
      if (!transfer->is_mail) answer.status = 0;
    }
    curl_multi_remove_handle(multi_, easy);
    curl_easy_cleanup(easy);
    transfer->done(std::move(answer));
  }

  const ClientOptions options_;
  CURLM* multi_;
  std::atomic<bool> stopping_{false};
  std::mutex mutex_;
  std::vector<std::unique_ptr<Transfer>> waiting_;
  std::unordered_map<CURL*, std::unique_ptr<Transfer>> running_;
  std::thread thread_;
};

}  // namespace

Result<std::unique_ptr<Client>> Client::start(ClientOptions options) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return Error(Errc::internal, "libcurl does not start");
  CURLM* const multi = curl_multi_init();
  if (multi == nullptr) return Error(Errc::internal, "libcurl does not start");
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 64L);
  return std::unique_ptr<Client>(std::make_unique<CurlClient>(options, multi));
}

}  // namespace jangbu::delivery
