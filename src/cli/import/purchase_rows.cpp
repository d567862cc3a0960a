#include "cli/import/purchase_rows.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "base/counted.h"
#include "base/json.h"
#include "cli/import/csv.h"

namespace jangbu::cli {
namespace {

Error at_line(Errc code, std::uint64_t line, std::string_view what) {
  return Error(code, "line " + std::to_string(line) + ": " + std::string(what));
}

class JsonLines final : public PurchaseRows {
 public:
  explicit JsonLines(std::istream& in) : in_(in) {}
  Result<std::optional<PurchaseBody>> next() override {
    std::string text;
    while (std::getline(in_, text)) {
      ++line_;
      if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
      const auto document = json::Document::parse(text);
      if (!document) return at_line(Errc::malformed_json, line_, document.error().detail);
      if (document->root().kind != json::Kind::object)
        return at_line(Errc::malformed_json, line_, "this is no JSON object");
      return std::optional(PurchaseBody{line_, std::move(text)});
    }
    return std::optional<PurchaseBody>();
  }

 private:
  std::istream& in_;
  std::uint64_t line_ = 0;
};

constexpr std::array<std::string_view, 9> body_fields = {"purchaseId",  "timestamp", "totalAmount",
                                                         "cashAmount",  "currency",  "shopId",
                                                         "userAccount", "userPhone", "waiting"};
constexpr std::array<std::string_view, 3> detail_fields = {"productId", "amount", "providePercent"};
/// A field that the door wants even when it is empty is written whether or not the file has it.
constexpr std::array<std::string_view, 2> always = {"userAccount", "userPhone"};

template <std::size_t N>
bool is_one_of(std::string_view name, const std::array<std::string_view, N>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Csv final : public PurchaseRows {
 public:
  explicit Csv(std::istream& in) : reader_(in) {}
  Result<std::optional<PurchaseBody>> next() override {
    if (header_.empty()) RETURN_IF_ERROR(read_header());
    if (row_.empty()) RETURN_IF_ERROR(read_row());
    if (row_.empty()) return std::optional<PurchaseBody>();
    PurchaseBody body{reader_.line(), {}};
    json::Writer out(body.json);
    out.begin_object();
    for (const std::string_view name : body_fields) put(out, name);
    out.key("details").begin_array();
    const std::string id = std::string(field("purchaseId"));
    do {
      put_detail(out);
      RETURN_IF_ERROR(read_row());
    } while (!row_.empty() && field("purchaseId") == id);
    out.end_array().end_object();
    return std::optional(std::move(body));
  }

 private:
  Status read_header() {
    ASSIGN_OR_RETURN(auto names, reader_.next());
    if (!names) return at_line(Errc::invalid_parameters, 1, "there is no header");
    header_ = std::move(*names);
    for (const std::string& name : header_)
      if (!is_one_of(name, body_fields) && !is_one_of(name, detail_fields))
        return at_line(Errc::invalid_parameters, reader_.line(),
                       "\"" + name + "\" is no field of a purchase");
    if (std::find(header_.begin(), header_.end(), "purchaseId") == header_.end())
      return at_line(Errc::invalid_parameters, reader_.line(), "the header has no purchaseId");
    return {};
  }
  Status read_row() {
    row_.clear();
    ASSIGN_OR_RETURN(auto row, reader_.next());
    if (!row) return {};
    if (row->size() != header_.size())
      return at_line(
          Errc::invalid_parameters, reader_.line(),
          counted(row->size(), "field") + ", and the header has " + std::to_string(header_.size()));
    row_ = std::move(*row);
    return {};
  }
  [[nodiscard]] std::string_view field(std::string_view name) const {
    const auto at = std::find(header_.begin(), header_.end(), name);
    return at == header_.end() ? std::string_view() : row_[static_cast<std::size_t>(at - header_.begin())];
  }
  void put(json::Writer& out, std::string_view name) const {
    const std::string_view value = field(name);
    if (!value.empty() || is_one_of(name, always)) out.key(name).string(value);
  }
  void put_detail(json::Writer& out) const {
    out.begin_object();
    for (const std::string_view name : detail_fields) put(out, name);
    out.end_object();
  }

  CsvReader reader_;
  std::vector<std::string> header_;
  std::vector<std::string> row_;  // the next one; empty: it is to be read, or there is none
};

}  // namespace

std::unique_ptr<PurchaseRows> purchases_of_json_lines(std::istream& in) {
  return std::make_unique<JsonLines>(in);
}
std::unique_ptr<PurchaseRows> purchases_of_csv(std::istream& in) { return std::make_unique<Csv>(in); }

}  // namespace jangbu::cli
