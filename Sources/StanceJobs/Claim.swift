/// The right to work on one item, until its lease runs out or another worker claims it.
package struct Claim: Sendable, Hashable {
  package var job: JobID
  package var stage: JobStage
  package var index: Int
  /// Grows with each claim within a job. A write that carries an older one than the item's is refused: the work of
  /// a worker that was thought lost never replaces its successor's.
  package var fence: Int
  /// 1 at the first claim.
  package var attempt: Int

  package init(job: JobID, stage: JobStage, index: Int, fence: Int, attempt: Int) {
    (self.job, self.stage, self.index) = (job, stage, index)
    (self.fence, self.attempt) = (fence, attempt)
  }
}

/// What a worker was given: items of one job, all of the same stage.
package struct Assignment: Sendable, Hashable {
  package struct Item: Sendable, Hashable {
    package var claim: Claim
    package var input: [UInt8]

    package init(claim: Claim, input: [UInt8]) { (self.claim, self.input) = (claim, input) }
  }

  package var job: JobID
  package var owner: String
  package var stage: JobStage
  package var specification: [UInt8]
  /// The job was cancelled: only its gathering is left to do.
  package var isCancelled: Bool
  /// In the order of their indices; never empty.
  package var items: [Item]

  package init(
    job: JobID, owner: String, stage: JobStage, specification: [UInt8], isCancelled: Bool,
    items: [Item]
  ) {
    (self.job, self.owner, self.stage) = (job, owner, stage)
    (self.specification, self.isCancelled, self.items) = (specification, isCancelled, items)
  }
}

/// How an item of the plan or the work ended.
package enum ItemOutcome: Sendable, Hashable {
  /// `result` says where the result lies, in at most 4096 bytes.
  case done(result: [UInt8])
  /// Trying again would change nothing. A plan that fails ends its job as `failed`; an item that fails is an error among the results.
  case failed(reason: String)
  /// Not ended: the worker stops. It can be claimed at once, and this attempt does not count.
  case handedBack
  /// Not ended: it can't be worked on here and now, for want of room, of a folder, of free engines. Nobody claims anything of
  /// this job for ``JobPolicy/postponement``, and this attempt does not count.
  case postponed(reason: String)

  /// Whether the item is claimed once more.
  package var leavesItemOpen: Bool {
    switch self {
    case .done, .failed: false
    case .handedBack, .postponed: true
    }
  }
}

package struct ItemEnd: Sendable, Hashable {
  package var claim: Claim
  package var outcome: ItemOutcome

  package init(_ claim: Claim, _ outcome: ItemOutcome) {
    (self.claim, self.outcome) = (claim, outcome)
  }
}

extension [ItemEnd] {
  /// The ends of items first: what was done ends an earlier postponement, and not the one that comes with it.
  package var openOnesLast: [ItemEnd] {
    filter { !$0.outcome.leavesItemOpen } + filter(\.outcome.leavesItemOpen)
  }
}

/// How a job ended, said by who gathered it.
package enum JobEnd: Sendable, Hashable {
  /// `done`, or `cancelled` if the job was.
  case finished(JobResult)
  /// The result holds what there is, if there is any.
  case failed(reason: String, JobResult?)
  /// The one item that mattered is dead.
  case dead(reason: String, JobResult?)
}

/// The answer to a renewal.
package struct Renewal: Sendable, Hashable {
  /// Claims that are no longer the worker's: stop, and write nothing.
  package var lost: Set<Claim> = []
  /// Claims whose job was cancelled: stop, and finish with what there is.
  package var cancelled: Set<Claim> = []

  package init() {}
}

/// The answer to ends of items.
package struct Finish: Sendable, Hashable {
  /// Ends that did not count, since the item is no longer the worker's.
  package var refused: Set<Claim> = []
  /// The gathering of the job, claimed by the same worker, if it asked for it and this was the last item.
  package var next: Assignment?

  package init(refused: Set<Claim> = [], next: Assignment? = nil) {
    (self.refused, self.next) = (refused, next)
  }
}
