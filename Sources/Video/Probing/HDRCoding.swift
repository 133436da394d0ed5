/// How an HDR video's light and colour are coded, in ffmpeg's words.
struct HDRCoding {
  /// ITU-R BT.2408: the luminance of white paper in HDR, in cd/m²: it is 1 in linear light.
  private static let referenceWhite = 203

  private let transfer: String
  private let primaries: String
  private let matrix: String
  private let range: String

  /// Nil for what is no HDR. What is not told is as BT.2100 has it.
  init?(transfer: String?, primaries: String?, matrix: String?, range: String?) {
    switch transfer {
    case "smpte2084", "arib-std-b67": self.transfer = transfer ?? ""
    default: return nil
    }
    self.primaries = primaries == "bt709" ? "bt709" : "bt2020"
    self.matrix = matrix == "bt709" ? "bt709" : "bt2020nc"
    self.range = range == "pc" ? "pc" : "tv"
  }

  /// Filters from frames of any such coding to SDR of BT.709. What an SDR camera would show as up to medium grey keeps its
  /// value; what is brighter is pressed together more and more.
  var filters: [String] {
    [
      // zscale wants sizes that fit the chroma's: none is halved then.
      "format=yuv444p10le",
      // Not as zscale's own options, which 5.1 does not heed for what the frames leave open.
      "setparams=color_primaries=\(primaries):color_trc=\(transfer):colorspace=\(matrix):range=\(range)",
      "zscale=t=linear:npl=\(Self.referenceWhite)", "format=gbrpf32le", "zscale=p=709",
      "tonemap=tonemap=mobius:desat=0", "zscale=t=709:m=709:r=limited", "format=yuv444p",
    ]
  }
}
