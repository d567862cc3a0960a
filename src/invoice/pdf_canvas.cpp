#include "invoice/pdf_canvas.h"

#include <algorithm>

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

namespace jangbu::invoice {
namespace {

// The first that the machine has; Nanum and Noto have Korean.
constexpr const char* families = "NanumGothic, Noto Sans CJK KR, sans-serif";
constexpr double quarter_turn = 1.5707963267948966;

struct Deleter {
  void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
  void operator()(cairo_t* context) const { cairo_destroy(context); }
  void operator()(cairo_font_options_t* options) const { cairo_font_options_destroy(options); }
  void operator()(PangoFontDescription* font) const { pango_font_description_free(font); }
  void operator()(PangoLayout* layout) const { g_object_unref(layout); }
};
template <typename T>
using Owned = std::unique_ptr<T, Deleter>;

cairo_status_t append(void* to, const unsigned char* data, unsigned int size) {
  static_cast<Bytes*>(to)->append(reinterpret_cast<const char*>(data), size);
  return CAIRO_STATUS_SUCCESS;
}

/// The narrowest letters take about a fifth of the font's size.
constexpr double letters_of_size = 5.0;

}  // namespace

std::string_view laid_out_part(std::string_view text, double width, const TextStyle& style) {
  const double lines = std::max(1, style.max_lines) * std::max(1.0, width / style.size_pt * letters_of_size);
  // One line more: what does not fit is to end in a sign that it goes on.
  const auto letters = static_cast<std::size_t>(lines + width / style.size_pt * letters_of_size);
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool begins_letter = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (begins_letter && seen++ == letters) return text.substr(0, i);
  }
  return text;
}

struct PdfCanvas::Impl {
  Bytes file;
  Owned<cairo_surface_t> surface;
  Owned<cairo_t> context;

  Owned<PangoLayout> lay_out(std::string_view text, double width, const TextStyle& style) const {
    Owned<PangoLayout> layout(pango_cairo_create_layout(context.get()));
    const Owned<PangoFontDescription> font(pango_font_description_from_string(families));
    pango_font_description_set_absolute_size(font.get(), style.size_pt * PANGO_SCALE);
    pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
    pango_layout_set_font_description(layout.get(), font.get());
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
    pango_layout_set_height(layout.get(), -std::max(1, style.max_lines));
    pango_layout_set_alignment(layout.get(), style.right ? PANGO_ALIGN_RIGHT : PANGO_ALIGN_LEFT);
    pango_layout_set_auto_dir(layout.get(), FALSE);
    std::string line(laid_out_part(text, width, style));
    for (char& c : line)
      if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
    if (g_utf8_validate(line.data(), static_cast<gssize>(line.size()), nullptr) == FALSE) line.clear();
    pango_layout_set_text(layout.get(), line.data(), static_cast<int>(line.size()));
    return layout;
  }

  static double height_of(PangoLayout* layout) {
    int height = 0;
    pango_layout_get_size(layout, nullptr, &height);
    return static_cast<double>(height) / PANGO_SCALE;
  }

  void paint(const Colour& colour) const {
    cairo_set_source_rgb(context.get(), colour.red, colour.green, colour.blue);
  }
};

PdfCanvas::PdfCanvas(const Properties& properties) : impl_(std::make_unique<Impl>()) {
  impl_->surface.reset(
      cairo_pdf_surface_create_for_stream(&append, &impl_->file, page_width_pt, page_height_pt));
  cairo_surface_t* const surface = impl_->surface.get();
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, properties.title.c_str());
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, properties.author.c_str());
  const std::string created = to_rfc3339(Instant{properties.created_at.us / 1'000'000 * 1'000'000});
  cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, created.c_str());
  impl_->context.reset(cairo_create(surface));
  // Lengths of text must not depend on a screen that nobody has.
  const Owned<cairo_font_options_t> options(cairo_font_options_create());
  cairo_font_options_set_hint_style(options.get(), CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options.get(), CAIRO_HINT_METRICS_OFF);
  cairo_set_font_options(impl_->context.get(), options.get());
}

PdfCanvas::~PdfCanvas() = default;

double PdfCanvas::height(std::string_view text, double width, const TextStyle& style) {
  return Impl::height_of(impl_->lay_out(text, width, style).get());
}

double PdfCanvas::text(std::string_view text, double x, double y, double width, const TextStyle& style) {
  const auto layout = impl_->lay_out(text, width, style);
  impl_->paint(style.colour);
  cairo_move_to(impl_->context.get(), x, y);
  pango_cairo_show_layout(impl_->context.get(), layout.get());
  return Impl::height_of(layout.get());
}

void PdfCanvas::line(double x, double y, double width, double thickness, const Colour& colour) {
  box(x, y - thickness / 2, width, thickness, 0, colour);
}

void PdfCanvas::box(double x, double y, double width, double height, double radius, const Colour& colour) {
  cairo_t* const context = impl_->context.get();
  impl_->paint(colour);
  if (radius <= 0) {
    cairo_rectangle(context, x, y, width, height);
  } else {
    cairo_new_sub_path(context);
    cairo_arc(context, x + width - radius, y + radius, radius, -quarter_turn, 0);
    cairo_arc(context, x + width - radius, y + height - radius, radius, 0, quarter_turn);
    cairo_arc(context, x + radius, y + height - radius, radius, quarter_turn, 2 * quarter_turn);
    cairo_arc(context, x + radius, y + radius, radius, 2 * quarter_turn, 3 * quarter_turn);
    cairo_close_path(context);
  }
  cairo_fill(context);
}

void PdfCanvas::next_page() { cairo_show_page(impl_->context.get()); }

Result<Bytes> PdfCanvas::finish() {
  const cairo_status_t drawn = cairo_status(impl_->context.get());
  impl_->context.reset();
  cairo_surface_finish(impl_->surface.get());
  const cairo_status_t written = cairo_surface_status(impl_->surface.get());
  for (const cairo_status_t status : {drawn, written})
    if (status != CAIRO_STATUS_SUCCESS)
      return Error(Errc::internal, std::string("the PDF: ") + cairo_status_to_string(status));
  return std::move(impl_->file);
}

Status check_pdf_fonts() {
  const Owned<cairo_surface_t> surface(cairo_pdf_surface_create_for_stream(nullptr, nullptr, 10, 10));
  const Owned<cairo_t> context(cairo_create(surface.get()));
  const Owned<PangoLayout> layout(pango_cairo_create_layout(context.get()));
  const Owned<PangoFontDescription> font(pango_font_description_from_string(families));
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_text(layout.get(), "청구서 ABC 1,000", -1);
  if (pango_layout_get_unknown_glyphs_count(layout.get()) == 0) return {};
  return Error(Errc::invalid_configuration, "no font has Korean: install fonts-nanum");
}

}  // namespace jangbu::invoice
