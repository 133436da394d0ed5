package import StanceJobs

/// Where jobs are handed over: their store, and their bytes. There is none where jobs are off.
package struct JobDesk: Sendable {
  package let store: any JobStore
  package let files: any JobFiles
  /// Names of folders that jobs may name.
  package var folders: [String] = []
  /// How long a job is kept after its end.
  package var keep = JobOptions().keep
  /// Who is told of jobs' ends; nil: nobody.
  package var webhooks: WebhookBox?

  package init(store: any JobStore, files: any JobFiles) {
    (self.store, self.files) = (store, files)
  }
}
