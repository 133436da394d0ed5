import CCairo
import Images

/// A part of a picture that can be drawn on in place: the owner of a Cairo context over the picture's own bytes.
///
/// All coordinates are pixels of the whole picture. What lies outside the part is clipped here, before Cairo sees
/// it: Cairo's numbers are 24.8 fixed point and end at 8 million.
struct Canvas: ~Copyable {
  /// The longest side of a part. Cairo refuses pictures beyond 32,767 pixels (`MAX_IMAGE_SIZE`).
  static let maxSide = 16_384

  /// The part of the picture that this canvas covers.
  let bounds: Rectangle
  private let context: OpaquePointer

  /// Draws on `width` × `height` pixels, the first of which is `firstPixel`, the picture's pixel (`x`, `y`).
  ///
  /// - Parameters:
  ///   - stride: bytes from one row to the next.
  ///   - isTransparent: whether the pixels have an opacity, multiplied into their colours.
  /// - Precondition: the rows outlive the canvas.
  init(
    firstPixel: UnsafeMutablePointer<UInt8>, x: Int, y: Int, width: Int, height: Int, stride: Int,
    isTransparent: Bool
  ) throws {
    guard
      let surface = cairo_image_surface_create_for_data(
        firstPixel, isTransparent ? CAIRO_FORMAT_ARGB32 : CAIRO_FORMAT_RGB24, Int32(width),
        Int32(height), Int32(stride))
    else { throw RenderingError(.drawingFailed, "Cairo made no surface") }
    // The context keeps the surface alive.
    defer { cairo_surface_destroy(surface) }
    try Self.check(cairo_surface_status(surface), "a surface of \(width)x\(height) pixels")

    guard let context = cairo_create(surface) else {
      throw RenderingError(.drawingFailed, "Cairo made no context")
    }
    let status = cairo_status(context)
    guard status == CAIRO_STATUS_SUCCESS else {
      cairo_destroy(context)
      throw Self.error(status, "a context")
    }
    cairo_translate(context, Double(-x), Double(-y))
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
    cairo_set_line_join(context, CAIRO_LINE_JOIN_ROUND)
    self.context = context
    self.bounds = Rectangle(
      minX: Double(x), minY: Double(y), maxX: Double(x + width), maxY: Double(y + height))
  }

  deinit { cairo_destroy(context) }

  /// Completes the drawing in the picture's bytes.
  ///
  /// - Throws: whatever went wrong since the canvas was made; Cairo draws nothing after its first error.
  consuming func finish() throws {
    try Self.check(cairo_status(context), "drawing")
    let surface = cairo_get_target(context)
    cairo_surface_flush(surface)
    try Self.check(cairo_surface_status(surface), "the drawn surface")
  }

  /// Draws on a whole picture, part by part.
  ///
  /// - Parameter isTransparent: whether the pixels have an opacity, multiplied into their colours.
  /// - Precondition: `pixels.count == 4 * size.pixelCount`.
  static func cover(
    _ pixels: UnsafeMutableBufferPointer<UInt8>, of size: ImageSize, isTransparent: Bool = false,
    _ draw: (borrowing Canvas) -> Void
  ) throws {
    precondition(pixels.count == Image.bytesPerPixel * size.pixelCount)
    guard let pixels = pixels.baseAddress else { return }
    let rowBytes = Image.bytesPerPixel * size.width
    for y in stride(from: 0, to: size.height, by: maxSide) {
      for x in stride(from: 0, to: size.width, by: maxSide) {
        let canvas = try Canvas(
          firstPixel: pixels + y * rowBytes + x * Image.bytesPerPixel, x: x, y: y,
          width: min(size.width - x, maxSide), height: min(size.height - y, maxSide),
          stride: rowBytes, isTransparent: isTransparent)
        draw(canvas)
        try canvas.finish()
      }
    }
  }

  // MARK: - Strokes

  /// Draws lines with round ends, `width` pixels thick; where lines of one call cross, a translucent colour
  /// does not add up.
  borrowing func stroke(_ segments: [Segment], width: Double, color: Color) {
    guard width > 0, color.alpha > 0 else { return }
    let box = bounds.grown(by: width + 1)
    let visible = segments.compactMap { $0.clipped(to: box) }
    guard !visible.isEmpty else { return }
    set(color)
    cairo_set_line_width(context, width)
    for segment in visible {
      cairo_move_to(context, segment.start.x, segment.start.y)
      cairo_line_to(context, segment.end.x, segment.end.y)
    }
    cairo_stroke(context)
  }

  /// Draws lines through points, with blunt ends, so that a line may go on where another ends; where lines of one
  /// call cross, a translucent colour does not add up.
  ///
  /// - Parameter dashes: pixels of strokes and gaps in turn; none: whole lines.
  /// - Precondition: the points lie in the picture.
  borrowing func strokeLines(
    _ lines: [[Point]], width: Double, color: Color, dashes: [Double] = []
  ) {
    guard width > 0, color.alpha > 0, !lines.isEmpty else { return }
    set(color)
    cairo_set_line_width(context, width)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_BUTT)
    cairo_set_dash(context, dashes, Int32(dashes.count), 0)
    for line in lines {
      for (place, point) in line.enumerated() {
        if place == 0 {
          cairo_move_to(context, point.x, point.y)
        } else {
          cairo_line_to(context, point.x, point.y)
        }
      }
    }
    cairo_stroke(context)
    cairo_set_dash(context, nil, 0, 0)
    cairo_set_line_cap(context, CAIRO_LINE_CAP_ROUND)
  }

  /// Fills a rectangle; what lies outside this part is cut off.
  borrowing func fill(_ rectangle: Rectangle, color: Color) {
    let (left, top) = (max(rectangle.minX, bounds.minX), max(rectangle.minY, bounds.minY))
    let (right, bottom) = (min(rectangle.maxX, bounds.maxX), min(rectangle.maxY, bounds.maxY))
    guard right > left, bottom > top, color.alpha > 0 else { return }
    set(color)
    cairo_rectangle(context, left, top, right - left, bottom - top)
    cairo_fill(context)
  }

  /// Fills a disc.
  borrowing func fillDisc(at center: Point, radius: Double, color: Color) {
    guard radius > 0, color.alpha > 0, bounds.grown(by: radius + 1).contains(center) else { return }
    set(color)
    addCircle(at: center, radius: radius)
    cairo_fill(context)
  }

  /// Fills the ring between two radii.
  borrowing func fillRing(
    at center: Point, from innerRadius: Double, to outerRadius: Double, color: Color
  ) {
    guard outerRadius > innerRadius, color.alpha > 0,
      bounds.grown(by: outerRadius + 1).contains(center)
    else { return }
    set(color)
    cairo_set_line_width(context, outerRadius - innerRadius)
    addCircle(at: center, radius: (outerRadius + innerRadius) / 2)
    cairo_stroke(context)
  }

  private func addCircle(at center: Point, radius: Double) {
    cairo_new_sub_path(context)
    cairo_arc(context, center.x, center.y, radius, 0, 2 * .pi)
    cairo_close_path(context)
  }

  // MARK: - Text

  /// Chooses Cairo's built-in font (`CAIRO_FONT_FAMILY_DEFAULT` of its user-font-private header).
  ///
  /// It needs no font on the machine and looks the same on every one. Any other name starts fontconfig, which
  /// reads files and, without its configuration, writes to standard error.
  borrowing func setFont(size: Double) {
    cairo_select_font_face(context, "@cairo:", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD)
    cairo_set_font_size(context, size)
  }

  /// The rectangle that a text covers when its base line starts at the origin.
  borrowing func extent(of text: String) -> Rectangle {
    var extents = cairo_text_extents_t()
    cairo_text_extents(context, text, &extents)
    return Rectangle(
      minX: extents.x_bearing, minY: extents.y_bearing,
      maxX: extents.x_bearing + extents.width, maxY: extents.y_bearing + extents.height)
  }

  /// Writes a text whose base line starts at the pixel nearest to `origin`, with a halo of `haloWidth` pixels.
  ///
  /// The halo is the text itself, moved by whole pixels: Cairo keeps drawn letters, while outlines of its font's
  /// strokes would be computed anew for each text (measured: 80 ms a person instead of 0.4).
  borrowing func write(_ text: String, at origin: Point, color: Color, halo: Color, haloWidth: Int)
  {
    let (x, y) = (origin.x.rounded(), origin.y.rounded())
    set(halo)
    for shift in stride(from: haloWidth, to: 0, by: -1).map(Double.init) {
      for (dx, dy) in [(-1.0, -1.0), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
        cairo_move_to(context, x + dx * shift, y + dy * shift)
        cairo_show_text(context, text)
      }
    }
    set(color)
    cairo_move_to(context, x, y)
    cairo_show_text(context, text)
  }

  // MARK: - Cairo's state

  private func set(_ color: Color) {
    cairo_set_source_rgba(
      context, Double(color.red) / 255, Double(color.green) / 255, Double(color.blue) / 255,
      Double(color.alpha) / 255)
  }

  private static func check(_ status: cairo_status_t, _ what: String) throws {
    guard status == CAIRO_STATUS_SUCCESS else { throw error(status, what) }
  }

  private static func error(_ status: cairo_status_t, _ what: String) -> RenderingError {
    let reason = cairo_status_to_string(status).map { String(cString: $0) } ?? "unknown"
    return RenderingError(.drawingFailed, "Cairo failed at \(what): \(reason)")
  }
}
