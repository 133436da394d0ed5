/// The store's steps in Redis, each one run of one Lua script: nothing comes between what it reads and what it writes.
///
/// Keys, all of them behind `{stance}:` (one slot in a cluster):
///
/// | key | holds |
/// | --- | --- |
/// | `meta` | hash: version, seq, turn, open, waiting, lost |
/// | `job:ID`, `specification:ID` | hash: the job's fields; apart from what is long, so that Redis keeps it small |
/// | `item:ID`, `input:ID`, `result:ID`, `reason:ID` | hashes by "STAGE:INDEX"; an item is "STATE FENCE ATTEMPTS" |
/// | `queue:ID:STAGE` | sorted set: indices that can be claimed |
/// | `waiting:OWNER` | sorted set: jobs with such items, by priority, then age |
/// | `later` | sorted set: postponed jobs, which are not in `waiting:OWNER` meanwhile, by when their time comes |
/// | `ready` | sorted set: owners of such jobs, by running items, then by their last turn |
/// | `leases` | sorted set: "ID:STAGE:INDEX" by the lease's end |
/// | `jobs:STATE`, `jobs:STATE:OWNER` | sorted sets: ids by age |
/// | `expires` | sorted set: ids by when they are swept |
/// | `owner:OWNER` | hash: open, bytes, running, turn |
/// | `keys` | hash: ids by owner and idempotency key |
/// | `bell` | stream of one entry, to wait at |
///
/// Why the queue is no stream: a consumer group gives entries out in the order in which they came. Here owners take turns, then
/// priority decides, then age; a claim takes several items of one job; cancelling takes what waits out of the queue. Sorted sets do
/// that in one step, and leave nothing behind that would have to be acknowledged and deleted. Leases are theirs too, with a fence.
///
/// Times are microseconds by the server's clock. A fence is the time of its claim or more, so that it also grows when a failover
/// loses the last claims.
enum RedisScript {
  /// Of the keys above. Those of an earlier version are brought to this one by `open`, with `STEPS` below; a later version's
  /// are refused.
  static let version = 2

  static let source = [base, items, work, ends, jobs, dispatch].joined(separator: "\n")

  /// Numbers, jobs as tables, and where a job stands in the sorted sets.
  private static let base = #"""
    local P = KEYS[1] .. ':'
    local call = redis.call
    local op, VERSION, LEASE, ATTEMPTS = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])
    local POSTPONEMENT, PATIENCE, GIVEN_UP = tonumber(ARGV[5]), tonumber(ARGV[6]), ARGV[7]
    local time = call('TIME')
    local now = tonumber(time[1]) * 1000000 + tonumber(time[2])
    local META = P .. 'meta'
    local QUEUED, RUNNING, DONE, FAILED, DEAD, CANCELLED = 0, 1, 2, 3, 4, 5
    local PLAN, WORK, GATHER = 0, 1, 2

    -- A key that is not there: after its removal a server whose memory is full lets the script write all the same. What ends,
    -- hands back or removes work must not wait for memory that only an end gives back.
    local SPARING = {claim = 1, renew = 1, finish = 1, ['end'] = 1, cancel = 1, forget = 1, sweep = 1}
    if SPARING[op] then call('DEL', P .. 'none') end

    -- STEPS[n] leads from version n to the next.
    local STEPS = {
      -- Postponed jobs: their keys and fields come with the first of them.
      function() end,
    }
    local found = call('HGET', META, 'version')
    if not found then
      call('HSET', META, 'version', VERSION)
    elseif op == 'open' and STEPS[tonumber(found)] then
      -- Also in a full memory, which only work that ends makes room in.
      call('DEL', P .. 'none')
      for version = tonumber(found), #STEPS do STEPS[version]() end
      call('HSET', META, 'version', VERSION)
    elseif found ~= VERSION then
      return {'version', found}
    end

    -- Lua's own form has 14 digits; and Redis takes no -0.
    local function whole(x) return x == 0 and '0' or string.format('%.0f', x) end

    local NUMBERS = {'bytes', 'keep', 'created', 'started', 'ended', 'expires', 'stage', 'queued', 'running', 'total', 'done',
      'failed', 'fences', 'attempts', 'noted', 'seq', 'later', 'postponed'}
    local TEXTS = {'id', 'owner', 'priority', 'idempotency', 'digest', 'state', 'reason', 'postponement', 'seconds', 'duration',
      'result_name', 'result_bytes', 'result_checksum', 'result_type'}
    local FIELDS = {}
    for _, name in ipairs(NUMBERS) do FIELDS[#FIELDS + 1] = name end
    for _, name in ipairs(TEXTS) do FIELDS[#FIELDS + 1] = name end

    local loaded = {}
    local function load(id)
      if loaded[id] ~= nil then return loaded[id] end
      local values = call('HMGET', P .. 'job:' .. id, unpack(FIELDS))
      local job = false
      if values[#NUMBERS + 1] then
        job = {was = {}}
        for at, name in ipairs(FIELDS) do
          local value = values[at]
          if value then
            job.was[name] = value
            job[name] = at <= #NUMBERS and tonumber(value) or value
          end
        end
      end
      loaded[id] = job
      return job
    end

    -- Where an owner stands among those whose jobs wait.
    local function settle(owner)
      if call('EXISTS', P .. 'waiting:' .. owner) == 1 then
        local fields = call('HMGET', P .. 'owner:' .. owner, 'running', 'turn')
        call('ZADD', P .. 'ready', whole((fields[1] or 0) * 2 ^ 33 + (fields[2] or 0)), owner)
      else
        call('ZREM', P .. 'ready', owner)
      end
    end

    -- By priority, then by age: members with the same score are in the order of their text.
    local function stand(job)
      local member = string.format('%016.0f:', job.seq) .. job.id
      if job.queued > 0 and not job.later then
        call('ZADD', P .. 'waiting:' .. job.owner, whole(-tonumber(job.priority)), member)
      else
        call('ZREM', P .. 'waiting:' .. job.owner, member)
      end
      if job.later then
        call('ZADD', P .. 'later', whole(job.later), job.id)
      elseif job.was.later then
        call('ZREM', P .. 'later', job.id)
      end
    end

    local function save(job)
      local key, set = P .. 'job:' .. job.id, {}
      for at, name in ipairs(FIELDS) do
        local value = job[name]
        if value ~= nil and at <= #NUMBERS then value = whole(value) end
        if value ~= job.was[name] then
          if value == nil then
            call('HDEL', key, name)
          else
            set[#set + 1] = name
            set[#set + 1] = value
          end
        end
      end
      if #set > 0 then call('HSET', key, unpack(set)) end
      local state = job.was.state
      if job.state ~= state then
        for _, list in ipairs({'', ':' .. job.owner}) do
          if state then call('ZREM', P .. 'jobs:' .. state .. list, job.id) end
          call('ZADD', P .. 'jobs:' .. job.state .. list, whole(job.seq), job.id)
        end
      end
      local queued = job.queued - (tonumber(job.was.queued) or 0)
      local running = job.running - (tonumber(job.was.running) or 0)
      local is_moved = job.later ~= tonumber(job.was.later)
      if queued ~= 0 then call('HINCRBY', META, 'waiting', whole(queued)) end
      if queued ~= 0 or is_moved then stand(job) end
      if running ~= 0 then call('HINCRBY', P .. 'owner:' .. job.owner, 'running', whole(running)) end
      if queued ~= 0 or running ~= 0 or is_moved then settle(job.owner) end
      if job.queued > 0 and not job.later and (queued > 0 or is_moved) then call('XADD', P .. 'bell', 'MAXLEN', 1, '*', 'w', 1) end
      job.was = {}
      for at, name in ipairs(FIELDS) do
        local value = job[name]
        if value ~= nil then job.was[name] = at <= #NUMBERS and whole(value) or value end
      end
    end

    local function save_all()
      for _, job in pairs(loaded) do
        if job then save(job) end
      end
    end
    """#

  private static let dispatch = #"""
    local arguments = {}
    for at = 8, #ARGV do arguments[at - 7] = ARGV[at] end
    return ops[op](arguments)
    """#
}
