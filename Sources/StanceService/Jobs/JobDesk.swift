package import StanceJobs

/// Where jobs are handed over and asked about. There is none where jobs are off.
package struct JobDesk: Sendable {
  package let place: JobPlace
  /// Who is told of jobs' ends; nil: nobody.
  package let webhooks: WebhookBox?
  /// Who works on jobs in this process; nil: only others do.
  package let worker: JobWorker?

  package init(_ place: JobPlace, webhooks: WebhookBox? = nil, worker: JobWorker? = nil) {
    (self.place, self.webhooks, self.worker) = (place, webhooks, worker)
  }

  var store: any JobStore { place.store }
  var files: any JobFiles { place.files }

  /// Photos that are handed over in one form.
  package static let maxFiles = 20_000
}
