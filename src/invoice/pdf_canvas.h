// Pages of a PDF to draw on: text, lines and boxes. The only place that knows Pango and cairo.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.h"
#include "base/result.h"
#include "base/time.h"

namespace jangbu::invoice {

/// Lengths are PDF points (1/72 inch), from the upper left corner of an A4 page.
inline constexpr double page_width_pt = 595.0;
inline constexpr double page_height_pt = 842.0;

struct Colour {
  double red = 0, green = 0, blue = 0;  // 0 to 1
};

struct TextStyle {
  double size_pt = 9.5;
  bool bold = false;
  bool right = false;  // set at the right edge
  Colour colour{0.13, 0.15, 0.2};
  int max_lines = 1;  // what does not fit ends in "..."
};

/// The beginning of the text, whole characters, that is laid out: as much as its lines could hold if all of
/// it were of the narrowest letters. Whoever writes a text decides how long it is, and what is not seen costs
/// as much to lay out as what is.
std::string_view laid_out_part(std::string_view text, double width, const TextStyle& style);

/// Not thread-safe; a canvas stays on one thread. The same calls give the same bytes on machines with the
/// same fonts and libraries.
class PdfCanvas {
 public:
  struct Properties {
    std::string title;
    std::string author;
    Instant created_at;  // the only time that the file names
  };
  explicit PdfCanvas(const Properties& properties);
  ~PdfCanvas();
  PdfCanvas(const PdfCanvas&) = delete;
  PdfCanvas& operator=(const PdfCanvas&) = delete;

  /// The height that the text takes in that width.
  double height(std::string_view text, double width, const TextStyle& style);
  /// Draws it with its upper left corner at (x, y); the height that it took. Text that is no UTF-8 is
  /// nothing; a line break in it is a space.
  double text(std::string_view text, double x, double y, double width, const TextStyle& style);
  void line(double x, double y, double width, double thickness, const Colour& colour);
  void box(double x, double y, double width, double height, double radius, const Colour& colour);
  /// Begins the next page.
  void next_page();
  /// The file. Nothing may be drawn afterwards. Error: internal, when the library gave up.
  Result<Bytes> finish();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Whether this machine has fonts for Korean. Error: invalid_configuration, with the package to install.
Status check_pdf_fonts();

}  // namespace jangbu::invoice
