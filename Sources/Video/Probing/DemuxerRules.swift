/// What a file of a stranger may make ffmpeg and ffprobe open: itself, as one of these kinds.
///
/// Playlists (HLS, DASH, concat, SDP), which name other files and addresses, are none of them; and MOV's references to
/// other files are off by default. Landlock and seccomp hold besides, where the kernel has them.
enum DemuxerRules {
  /// ffmpeg's names: MP4 and MOV, MKV and WebM, AVI, GIF, MPEG-TS.
  private static let formats = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,mpegts"

  static let arguments = ["-protocol_whitelist", "file", "-format_whitelist", formats]

  /// For messages.
  static let title = "MP4, MOV, MKV, WebM, AVI, GIF and MPEG-TS"
}
