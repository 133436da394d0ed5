import JobStoreConformance
import StanceJobs

@testable import JobStores

/// A Redis as version 1 of the store left it, with ``OldJobs``: what its script had made of their steps.
enum RedisOfVersion1 {
  static func fill(_ redis: RedisConnection) throws {
    for line in commands.split(separator: "\n") {
      var words = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      words[1] = "{stance}:" + words[1]
      try redis.send(
        words.map { word in
          .text((1...4).reduce(word) { $0.replacing("#\($1)", with: OldJobs.id($1).description) })
        })
    }
  }

  /// Words by `|`, keys without what all begin with, `#N` for the id of a job.
  private static let commands = """
    XADD|bell|*|w|1
    ZADD|expires|2795819344974159|#3|2795819344975418|#4
    HSET|input:#1|1:0|a|1:1|b
    HSET|input:#2|1:0|a
    HSET|input:#4|1:0|a|1:1|b
    HSET|item:#1|1:0|0 0 0|1:1|0 0 0
    HSET|item:#2|1:0|1 1795819344975939 1
    HSET|item:#4|1:0|2 1795819344974643 1|1:1|3 1795819344974644 1|2:0|2 1795819344975179 1
    HSET|job:#1|attempts|0|bytes|0|created|1795819344976186|digest|digest|done|0|failed|0|fences|0|id|#1|idempotency|1:okey-1|keep|1000000000000000|owner|o|priority|0|queued|2|running|0|seq|4|stage|1|state|queued|total|2
    HSET|job:#2|attempts|1|bytes|0|created|1795819344975652|digest|digest|done|0|failed|0|fences|1795819344975939|id|#2|idempotency|1:okey-2|keep|1000000000000000|owner|o|priority|0|queued|0|running|1|seq|3|stage|1|started|1795819344975939|state|running|total|1
    HSET|job:#3|attempts|1|bytes|0|created|1795819344972788|digest|digest|done|1|ended|1795819344974159|expires|2795819344974159|failed|0|fences|1795819344973895|id|#3|idempotency|1:okey-3|keep|1000000000000000|owner|o|priority|0|queued|0|result_bytes|3|result_checksum|abc|result_name|result|result_type|application/jsonl|running|0|seq|1|stage|2|started|1795819344973221|state|done|total|1
    HSET|job:#4|attempts|1|bytes|0|created|1795819344974403|digest|digest|done|1|ended|1795819344975418|expires|2795819344975418|failed|1|fences|1795819344975179|id|#4|idempotency|1:okey-4|keep|1000000000000000|owner|o|priority|0|queued|0|reason|lost|running|0|seq|2|stage|2|started|1795819344974643|state|dead|total|2
    ZADD|jobs:dead|2|#4
    ZADD|jobs:dead:o|2|#4
    ZADD|jobs:done|1|#3
    ZADD|jobs:done:o|1|#3
    ZADD|jobs:queued|4|#1
    ZADD|jobs:queued:o|4|#1
    ZADD|jobs:running|3|#2
    ZADD|jobs:running:o|3|#2
    HSET|keys|1:okey-1|#1|1:okey-2|#2|1:okey-3|#3|1:okey-4|#4
    ZADD|leases|1795819344976939|#2:1:0
    HSET|meta|open|2|seq|4|turn|5|version|1|waiting|2
    HSET|owner:o|bytes|0|open|2|running|1|turn|5
    ZADD|queue:#1:1|0|0|1|1
    ZADD|ready|8589934597|o
    HSET|reason:#4|1:1|unreadable
    HSET|result:#4|1:0|a|2:0|
    SET|specification:#1|spec
    SET|specification:#2|spec
    SET|specification:#3|spec
    SET|specification:#4|spec
    ZADD|waiting:o|0|0000000000000004:#1
    """
}
