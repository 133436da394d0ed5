import Files
import Images
import Inference
import Options
import PoseFormats
import PoseRendering
import Stance
import StanceService

/// `stance detect PHOTO…`: people in photos, as JSON, pictures, masks or lines.
struct DetectCommand {
  static let row = CommandRow<Settings>(
    "detect", "Finds people in photos",
    discussion:
      "PHOTO is a file, a folder (with its folders: files that end like pictures, by name order) or - for standard "
      + "input. Without --json, --output and --export one line is printed for each person. A photo that can't be read is "
      + "an error line, the others go on, and the exit status is 1; nobody found is no error. In an output folder "
      + "JPEG, PNG and WebP photos keep name and format; other names get .jpg added (scan.tiff.jpg), names of masks "
      + ".png (photo.jpg.png), as those of JPEGs do with --background none; photos of the same relative path are numbered. A photo is never written over. "
      + "What is printed has U+FFFD for bytes of a name that are no UTF-8.",
    operands: Operands("PHOTO…", .file, count: 1...Int.max),
    examples: [
      Example("stance detect photo.jpg", "One line for each person"),
      Example("stance detect photo.jpg -o annotated.jpg", "Draw the skeletons"),
      Example("stance detect photos --json > people.jsonl", "A folder as JSON Lines"),
      Example(
        "stance detect photos -o annotated --mask masks --left-color cyan --right-color orange",
        "Pictures and masks of a folder, sides in colours"),
      Example(
        "stance detect photo.jpg -o cutout.png --background none --no-joints --no-bones",
        "The people alone"),
      Example(
        "stance detect photos --export people.csv --export people.json --format coco",
        "A folder as a table"),
      Example(
        "stance detect photo.jpg --angles leftKnee,trunk --posture", "Angles, and how people stand"),
      Example("stance detect - --json < photo.jpg", "A photo from standard input"),
    ],
    [
      OptionGroups.output, OptionGroups.angles, OptionGroups.pose, OptionGroups.drawing,
      OptionGroups.inference,
      OptionGroups.models,
    ])

  private let settings: Settings
  private let operands: [String]
  private let console: Console
  private let makeFinder: PoseFinderFactory

  init(
    _ settings: Settings, _ operands: [String], _ console: Console,
    _ makeFinder: @escaping PoseFinderFactory
  ) {
    self.settings = settings
    self.operands = operands
    self.console = console
    self.makeFinder = makeFinder
  }

  func run() throws -> Int32 {
    let destination = try settings.output.map { path throws(UsageError) in
      try Destination(output: path, operands: operands)
    }
    try check(destination)
    let plan = try ExportPlan(settings, of: .photos)
    guard !(settings.json && plan.usesOutput) else {
      throw UsageError("--json and --export - would both write to standard output")
    }
    let motion = try settings.motionWithExamples().options
    let photos = try PhotoList(operands, leavingOut: folders(of: destination))
    let tasks = tasks(for: photos, destination)
    try checkDifferent(tasks)

    // Held back, a signal would not end the wait for a pipe.
    if !photos.waitsForInput { console.interrupts.watch() }

    let photoCount = tasks.count { if case .photo = $0.entry { true } else { false } }
    let threads = max(1, settings.engine.threads ?? InferenceRuntime.availableCores)
    let workers = max(1, min(threads, photoCount))
    let work = PhotoWork(
      finder: photoCount == 0 ? NoFinder() : try finder(forSeveral: photoCount > 1),
      settings: settings, motion: motion, report: report(destination, plan), exports: !plan.isEmpty,
      readInput: console.readInput, inputs: photos.identities)
    do {
      let exporter = try plan.open(notOver: Array(photos.identities), console)
      try exporter?.begin(ExportSource(name: "photos"))
      return try run(tasks, work, workers: workers, exporter)
    } catch let failure as OutputFailure {
      console.complain("\(failure)")
      return ExitStatus.failure
    }
  }

  /// Works off the photos and prints in their order.
  private func run(
    _ tasks: [PhotoTask], _ work: PhotoWork, workers: Int, _ exporter: Exporter?
  ) throws -> Int32 {
    var progress = ProgressLine(console)
    var done = 0
    var failures = 0
    var exported = 0
    defer { progress.clear() }
    let signal = console.interrupts.signal
    try OrderedWorkers(threads: workers, window: Self.windowPerWorker * workers).run(
      tasks, shouldStop: { signal() != nil }, work: { work($0) }
    ) { outcome in
      switch outcome {
      case .failed(let message):
        failures += 1
        progress.clear()
        console.complain(message)
      case .done(let bytes, let photo):
        if let photo {
          try exporter?.add(.photo(photo.result, file: photo.file, number: exported))
          exported += 1
        }
        if !bytes.isEmpty {
          progress.clear()
          try console.output.write(bytes)
        }
      }
      done += 1
      if tasks.count > 1 { progress.show("\(done) of \(tasks.count) photos") }
    }
    let isOver = done == tasks.count
    for remark in try (isOver ? exporter?.finish() : exporter?.abandon()) ?? [] {
      progress.clear()
      console.complain(remark)
    }
    if !isOver, let number = signal() { return ExitStatus.signal(number) }
    return failures == 0 ? ExitStatus.success : ExitStatus.failure
  }

  /// Outputs that may wait for a slow photo before them, a worker: some tens of kilobytes each.
  private static let windowPerWorker = 8

  private func finder(forSeveral: Bool) throws -> any PoseFinder {
    var pose = settings.pose
    if settings.mask != nil || (settings.output != nil && settings.style.needsMasks) {
      pose.segmentation = true
    }
    var engine = settings.engine
    engine.profile = forSeveral ? .throughput : .latency
    return try makeFinder(pose, engine)
  }

  private var isTransparent: Bool { settings.style.background == .transparent }

  private func report(_ destination: Destination?, _ plan: ExportPlan) -> PhotoWork.Report {
    if settings.json { return .json }
    return destination == nil && plan.isEmpty ? .readable : .nothing
  }

  private func folders(of destination: Destination?) -> [String] {
    var folders = settings.mask.map { [$0] } ?? []
    if case .folder(let folder) = destination { folders.append(folder) }
    return folders
  }

  private func check(_ destination: Destination?) throws(UsageError) {
    if isTransparent, case .file(let path) = destination,
      !PhotoFormats.holdsTransparency(path)
    {
      throw UsageError(
        "--background none: \(path) is a JPEG, which holds no transparency; name a .png or .webp")
    }
    guard let mask = settings.mask else { return }
    guard Files.isFolder(mask) || !Files.exists(mask) else {
      throw UsageError("--mask: \(mask) is a file; name a folder")
    }
    guard case .folder(let folder) = destination else { return }
    let isSame =
      FileIdentity(of: mask).map { $0 == FileIdentity(of: folder) }
      ?? (OutputNames.masks(in: mask).folder == OutputNames.pictures(in: folder).folder)
    guard !isSame else {
      throw UsageError("--output and --mask are the same folder, \(mask); name two")
    }
  }

  /// A mask must not take the place of a picture: the folder of masks may be that of the one picture, or lie in
  /// the folder of pictures.
  private func checkDifferent(_ tasks: [PhotoTask]) throws(UsageError) {
    let pictures = Set(tasks.compactMap(\.picturePath?.pathBytes))
    let masks = tasks.compactMap(\.maskPath)
    guard let path = masks.first(where: { pictures.contains($0.pathBytes) }) else { return }
    throw UsageError("--output and --mask would both write \(path.shownPath); name two folders")
  }

  private func tasks(for photos: PhotoList, _ destination: Destination?) -> [PhotoTask] {
    var masks = settings.mask.map(OutputNames.masks)
    var pictures: OutputNames?
    var file: String?
    switch destination {
    case .file(let path): file = path
    case .folder(let path): pictures = OutputNames.pictures(in: path, isTransparent: isTransparent)
    case nil: break
    }
    return photos.entries.map { entry in
      guard case .photo(let photo) = entry else {
        return PhotoTask(entry: entry, picturePath: nil, maskPath: nil)
      }
      return PhotoTask(
        entry: entry, picturePath: file ?? pictures?.next(for: photo),
        maskPath: masks?.next(for: photo))
    }
  }
}

/// For a command line without a single photo, which needs no models to fail.
private struct NoFinder: PoseFinder {
  func find(
    in bytes: [UInt8], wantsPicture: Bool
  ) throws -> (result: PoseResult, picture: Image?) {
    throw UsageError("no photo")
  }
}
