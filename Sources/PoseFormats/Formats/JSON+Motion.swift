import PoseMotion

/// What a person's object has when angles or counts were asked for.
extension JSONWriter {
  mutating func members(of motion: PersonMotion) throws(PoseFormatError) {
    key("view")
    try object { (json) throws(PoseFormatError) in
      try json.optional("score", motion.view.score)
      if let side = motion.view.side {
        json.member("from", side.rawValue)
      } else {
        json.null("from")
      }
    }
    if !motion.angles.isEmpty {
      key("angles")
      try array { (json) throws(PoseFormatError) in
        for angle in motion.angles {
          try json.object { (json) throws(PoseFormatError) in
            json.member("name", angle.angle.name)
            try json.reading(angle.plane, "plane", "planeMissing")
            try json.reading(angle.world, "world", "worldMissing")
          }
        }
      }
    }
    if let posture = motion.posture {
      key("posture")
      try value(posture)
    }
    if let state = motion.repetitions {
      key("reps")
      try value(state)
    }
  }

  private mutating func value(_ reading: PostureReading) throws(PoseFormatError) {
    try object { (json) throws(PoseFormatError) in
      if let stand = reading.posture.stand {
        json.member("stand", stand.rawValue)
      } else {
        json.null("stand")
      }
      if let handsUp = reading.posture.handsUp {
        json.member("handsUp", handsUp)
      } else {
        json.null("handsUp")
      }
      if let label = reading.label { json.member("label", label) } else { json.null("label") }
      try json.optional("confidence", reading.confidence)
      try json.optional("distance", reading.distance)
    }
  }

  private mutating func value(_ state: RepetitionState) throws(PoseFormatError) {
    try object { (json) throws(PoseFormatError) in
      json.member("exercise", state.exercise.name)
      json.member("count", state.count)
      json.member("working", state.isWorking)
      json.key("signal")
      try json.object { (json) throws(PoseFormatError) in
        json.member("name", state.exercise.signal.name)
        json.member("unit", state.exercise.signal.unit.rawValue)
        try json.reading(state.signal, "value", "missing")
      }
      if !state.completed.isEmpty {
        json.key("completed")
        try json.array { (json) throws(PoseFormatError) in
          for repetition in state.completed { try json.value(repetition) }
        }
      }
      if let unfinished = state.unfinished {
        json.key("unfinished")
        try json.value(unfinished)
      }
    }
  }

  private mutating func value(_ repetition: Repetition) throws(PoseFormatError) {
    try object { (json) throws(PoseFormatError) in
      json.member("number", repetition.number)
      try json.member("start", thousandths: repetition.start)
      try json.member("turn", thousandths: repetition.turn)
      try json.optional("end", repetition.end)
      try json.member("rest", thousandths: repetition.rest)
      try json.member("extreme", thousandths: repetition.extreme)
      try json.member("range", thousandths: repetition.range)
      try json.member("seen", thousandths: repetition.seen)
      json.member("judgedFromSeen", repetition.isJudgedFromSeen)
      guard let form = repetition.form else { return }
      json.key("form")
      try json.object { (json) throws(PoseFormatError) in
        try json.optional("leftKnee", form.leftKnee)
        try json.optional("rightKnee", form.rightKnee)
        try json.optional("trunkLean", form.trunkLean)
        try json.optional("stanceWidth", form.stanceWidth)
        try json.optional("leftRange", form.sides?.left)
        try json.optional("rightRange", form.sides?.right)
      }
    }
  }

  /// A number, or null and why.
  private mutating func reading(
    _ reading: Reading, _ name: StaticString, _ missing: StaticString
  ) throws(PoseFormatError) {
    try optional(name, reading.value)
    if let reason = reading.missing { member(missing, reason.name) }
  }

  private mutating func optional(
    _ name: StaticString, _ number: Double?
  ) throws(PoseFormatError) {
    if let number { try member(name, thousandths: number) } else { null(name) }
  }
}
