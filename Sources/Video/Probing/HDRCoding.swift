/// How an HDR video's light and colour are coded, in the words of ffmpeg's zscale.
struct HDRCoding {
  /// ITU-R BT.2408: the luminance of white paper in cd/m², which becomes SDR's white.
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
    self.primaries = ["bt709", "bt2020"].first { $0 == primaries } ?? "bt2020"
    self.matrix = matrix == "bt709" ? "709" : "2020_ncl"
    self.range = range == "pc" ? "full" : "limited"
  }

  /// Filters from frames of any such coding to SDR of BT.709: linear light, BT.709's colours, tone-mapped.
  var filters: [String] {
    [
      // zscale wants sizes that fit the chroma's: none is halved then.
      "format=yuv444p10le",
      "zscale=tin=\(transfer):pin=\(primaries):min=\(matrix):rin=\(range):t=linear"
        + ":npl=\(Self.referenceWhite)",
      "format=gbrpf32le", "zscale=p=709", "tonemap=tonemap=hable:desat=0",
      "zscale=t=709:m=709:r=limited", "format=yuv444p",
    ]
  }
}
