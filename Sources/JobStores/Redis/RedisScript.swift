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

  /// One item: looked at, put in line, ended.
  private static let items = #"""
    local function place(stage, index) return whole(stage) .. ':' .. whole(index) end

    local function item(job, stage, index)
      local text = call('HGET', P .. 'item:' .. job.id, place(stage, index))
      if not text then return nil end
      local state, fence, attempts = string.match(text, '^(%d+) (%d+) (%d+)$')
      return {state = tonumber(state), fence = tonumber(fence), attempts = tonumber(attempts)}
    end

    local function put(job, stage, index, state, fence, attempts)
      call('HSET', P .. 'item:' .. job.id, place(stage, index),
        whole(state) .. ' ' .. whole(fence) .. ' ' .. whole(attempts))
    end

    local function line_up(job, stage, index)
      call('ZADD', P .. 'queue:' .. job.id .. ':' .. whole(stage), whole(index), whole(index))
    end

    local function is_held(job, stage, index, fence)
      local it = item(job, stage, index)
      return it and it.state == RUNNING and it.fence == fence
    end

    local function keep(kind, job, stage, index, value)
      if value then
        call('HSET', P .. kind .. ':' .. job.id, place(stage, index), value)
      else
        call('HDEL', P .. kind .. ':' .. job.id, place(stage, index))
      end
    end

    local function end_postponement(job) job.later, job.postponed, job.postponement = nil, nil, nil end

    -- Sets the state of an item that ran.
    local function set(job, stage, index, state, result, reason)
      local it = item(job, stage, index)
      put(job, stage, index, state, it.fence, it.attempts)
      call('ZREM', P .. 'leases', job.id .. ':' .. place(stage, index))
      keep('result', job, stage, index, result)
      keep('reason', job, stage, index, reason)
      job.running = job.running - 1
      if state == QUEUED then
        job.queued = job.queued + 1
        line_up(job, stage, index)
      end
      if state == DONE or state == FAILED then end_postponement(job) end
      if stage == WORK and state == DONE then job.done = job.done + 1 end
      if stage == WORK and (state == FAILED or state == DEAD) then job.failed = job.failed + 1 end
    end

    local function drop_items(id)
      call('DEL', P .. 'item:' .. id, P .. 'input:' .. id, P .. 'result:' .. id, P .. 'reason:' .. id,
        P .. 'queue:' .. id .. ':0', P .. 'queue:' .. id .. ':1', P .. 'queue:' .. id .. ':2')
    end

    local function close(job, state, reason, result)
      job.state, job.reason = state, reason or job.reason
      job.queued, job.running, job.ended, job.expires = 0, 0, now, now + job.keep
      end_postponement(job)
      result = result or {}
      job.result_name, job.result_bytes, job.result_checksum, job.result_type = result[1], result[2], result[3], result[4]
      call('HINCRBY', META, 'open', -1)
      call('HINCRBY', P .. 'owner:' .. job.owner, 'open', -1)
      call('HINCRBY', P .. 'owner:' .. job.owner, 'bytes', whole(-job.bytes))
      call('ZADD', P .. 'expires', whole(job.expires), job.id)
      -- Nothing will be tried again, and the result holds it all.
      if state == 'done' then drop_items(job.id) end
    end

    -- After an item's end: begins the next stage when nothing of this one is left.
    local function move_on(job)
      if job.ended or job.queued > 0 or job.running > 0 then return end
      if job.state == 'cancelled' and job.stage ~= GATHER and job.done + job.failed == 0 then
        return close(job, 'cancelled')
      end
      local stage, count = GATHER, 1
      if job.stage == PLAN and job.state ~= 'cancelled' then
        job.total = job.noted or 0
        if job.total > 0 then stage, count = WORK, job.total end
      end
      for index = 0, count - 1 do
        if stage == GATHER then put(job, GATHER, 0, QUEUED, 0, 0) end
        line_up(job, stage, index)
      end
      job.stage, job.queued = stage, count
    end

    local STAGES = {[PLAN] = 'finding out what is to be done', [GATHER] = 'gathering the results'}

    -- Has the item dead, and with a plan or a gathering its job.
    local function give_up(job, stage, index, reason, job_reason)
      set(job, stage, index, DEAD, nil, reason)
      if stage ~= WORK then close(job, 'dead', job_reason) end
    end

    -- Makes an item that ran claimable again, or dead at its last attempt.
    local function free(job, stage, index, attempts)
      if job.state == 'cancelled' and stage ~= GATHER then
        set(job, stage, index, CANCELLED)
      elseif attempts >= ATTEMPTS then
        local reason = 'its worker was lost ' .. whole(attempts) .. ' times'
        give_up(job, stage, index, reason, (STAGES[stage] or '') .. ' was given up: ' .. reason)
      else
        set(job, stage, index, QUEUED)
      end
    end

    local function hand_back(job, stage, index)
      local it = item(job, stage, index)
      put(job, stage, index, RUNNING, it.fence, it.attempts - 1)
      -- Not counted: so it is not the last attempt either.
      free(job, stage, index, 0)
    end

    -- Hands the item back and has the job wait, or gives the item up.
    local function postpone(job, stage, index, reason)
      if job.state == 'cancelled' and stage ~= GATHER then return hand_back(job, stage, index) end
      if job.postponed and now - job.postponed >= PATIENCE then
        reason = reason .. '; ' .. GIVEN_UP
        return give_up(job, stage, index, reason, reason)
      end
      hand_back(job, stage, index)
      job.later, job.postponed, job.postponement = now + POSTPONEMENT, job.postponed or now, reason
    end
    """#

  /// Work that is given out and renewed.
  private static let work = #"""
    -- Some at a time: the next claim frees more.
    local function free_lost()
      local lost = call('ZRANGEBYSCORE', P .. 'leases', '-inf', '(' .. whole(now), 'LIMIT', 0, 100)
      for _, member in ipairs(lost) do
        local id, stage, index = string.match(member, '^(%x+):(%d+):(%d+)$')
        local job = load(id)
        stage, index = tonumber(stage), tonumber(index)
        call('HINCRBY', META, 'lost', 1)
        free(job, stage, index, item(job, stage, index).attempts)
        move_on(job)
        save(job)
      end
    end

    -- Some at a time: the next claim brings more.
    local function bring_back_postponed()
      local due = call('ZRANGEBYSCORE', P .. 'later', '-inf', whole(now), 'LIMIT', 0, 100)
      for _, id in ipairs(due) do
        local job = load(id)
        job.later = nil
        save(job)
      end
    end

    local function drop_noted(job, first)
      for index = first, (job.noted or 0) - 1 do
        keep('item', job, WORK, index)
        keep('input', job, WORK, index)
      end
      job.noted = first
    end

    local function claim_of(job, limit)
      local queue = P .. 'queue:' .. job.id .. ':' .. whole(job.stage)
      local chosen = {}
      for _, index in ipairs(call('ZRANGE', queue, 0, math.max(1, limit) - 1)) do
        local it = item(job, job.stage, tonumber(index))
        it.index = tonumber(index)
        -- What a worker was lost with goes alone.
        if it.attempts > 0 and #chosen > 0 then break end
        chosen[#chosen + 1] = it
        if it.attempts > 0 then break end
      end
      if #chosen == 0 then return {} end
      -- What a lost or cancelled plan had noted.
      if job.stage == PLAN then drop_noted(job, 0) end
      local fence = math.max((job.fences or 0) + 1, now)
      local items = {}
      for at, it in ipairs(chosen) do
        put(job, job.stage, it.index, RUNNING, fence + at - 1, it.attempts + 1)
        call('ZREM', queue, whole(it.index))
        call('ZADD', P .. 'leases', whole(now + LEASE), job.id .. ':' .. place(job.stage, it.index))
        local input = call('HGET', P .. 'input:' .. job.id, place(job.stage, it.index))
        items[at] = {it.index, fence + at - 1, it.attempts + 1, input or ''}
      end
      job.fences = fence + #chosen - 1
      job.queued, job.running = job.queued - #chosen, job.running + #chosen
      job.attempts = math.max(job.attempts, chosen[1].attempts + 1)
      job.started = job.started or now
      local is_cancelled = job.state == 'cancelled' and 1 or 0
      if job.state == 'queued' then job.state = 'running' end
      save(job)
      local specification = call('GET', P .. 'specification:' .. job.id)
      return {job.id, job.owner, job.stage, specification, is_cancelled, items}
    end

    local ops = {}

    -- limit, then the ids of jobs that are passed over
    function ops.claim(a)
      free_lost()
      bring_back_postponed()
      local passed = {}
      for at = 2, #a do passed[a[at]] = true end
      -- Each of them can stand before what is looked for: once among its owner's jobs, and with its owner before others.
      for _, owner in ipairs(call('ZRANGE', P .. 'ready', 0, #a - 1)) do
        for _, member in ipairs(call('ZRANGE', P .. 'waiting:' .. owner, 0, #a - 1)) do
          local id = string.sub(member, -32)
          if not passed[id] then
            call('HSET', P .. 'owner:' .. owner, 'turn', call('HINCRBY', META, 'turn', 1))
            return claim_of(load(id), tonumber(a[1]))
          end
        end
      end
      return {}
    end

    -- seconds, duration, then for each claim: id, stage, index, fence
    function ops.renew(a)
      local lost, cancelled = {}, {}
      for at = 3, #a, 4 do
        local job, stage, index = load(a[at]), tonumber(a[at + 1]), tonumber(a[at + 2])
        if not job or not is_held(job, stage, index, tonumber(a[at + 3])) then
          lost[#lost + 1] = (at - 3) / 4
        else
          if job.state == 'cancelled' and stage ~= GATHER then cancelled[#cancelled + 1] = (at - 3) / 4 end
          call('ZADD', P .. 'leases', whole(now + LEASE), job.id .. ':' .. place(stage, index))
          if a[1] ~= '' or a[2] ~= '' then
            job.seconds, job.duration = a[1] ~= '' and a[1] or nil, a[2] ~= '' and a[2] or nil
          end
        end
      end
      save_all()
      return {lost, cancelled}
    end

    -- id, stage, index, fence, first, then the items
    function ops.note(a)
      local job, first = load(a[1]), tonumber(a[5])
      if tonumber(a[2]) ~= PLAN or not job or not is_held(job, PLAN, tonumber(a[3]), tonumber(a[4])) then return 0 end
      local last = first + #a - 5
      drop_noted(job, last)
      for at = 6, #a do
        put(job, WORK, first + at - 6, QUEUED, 0, 0)
        keep('input', job, WORK, first + at - 6, a[at])
      end
      job.noted = last
      save(job)
      return 1
    end
    """#

  /// Work that ends.
  private static let ends = #"""
    -- '1' to gather, then for each end: id, stage, index, fence, 'done' 'failed' 'back' or 'later', its result or reason
    function ops.finish(a)
      local refused, count = {}, 0
      for at = 2, #a, 6 do
        local job, stage, index = load(a[at]), tonumber(a[at + 1]), tonumber(a[at + 2])
        local outcome, words = a[at + 4], a[at + 5]
        count = count + 1
        local is_open = outcome == 'back' or outcome == 'later'
        if stage == GATHER and not is_open or not job or not is_held(job, stage, index, tonumber(a[at + 3])) then
          refused[#refused + 1] = count - 1
        else
          if outcome == 'done' then
            set(job, stage, index, DONE, words)
          elseif outcome == 'failed' then
            set(job, stage, index, FAILED, nil, words)
            if stage == PLAN then close(job, 'failed', words) end
          elseif outcome == 'later' then
            postpone(job, stage, index, words)
          else
            hand_back(job, stage, index)
          end
          move_on(job)
        end
      end
      save_all()
      local next = {}
      local job = a[2] and load(a[2])
      if a[1] == '1' and job and tonumber(a[3]) == WORK and #refused < count and job.stage == GATHER and job.queued == 1 then
        next = claim_of(job, 1)
      end
      return {refused, next}
    end

    -- id, stage, index, fence, 'finished' 'failed' or 'dead', the reason, and if there is a result, its name, bytes, checksum, type
    ops['end'] = function(a)
      local job = load(a[1])
      if tonumber(a[2]) ~= GATHER or not job or not is_held(job, GATHER, tonumber(a[3]), tonumber(a[4])) then return 0 end
      set(job, GATHER, tonumber(a[3]), DONE, '')
      local result = a[7] and {a[7], a[8], a[9], a[10]} or nil
      if a[5] == 'finished' then
        close(job, job.state == 'cancelled' and 'cancelled' or 'done', nil, result)
      else
        close(job, a[5], a[6], result)
      end
      save(job)
      return 1
    end
    """#

  /// Jobs that come, come again, and go.
  private static let jobs = #"""
    local function name_of(owner, key) return string.len(owner) .. ':' .. owner .. key end

    -- Counts one more open job of the owner, or says why not.
    local function take_room(owner, bytes, bounds)
      if tonumber(call('HGET', META, 'open') or 0) >= tonumber(bounds[1]) then return {'full'} end
      local fields = call('HMGET', P .. 'owner:' .. owner, 'open', 'bytes')
      local open, held = tonumber(fields[1] or 0), tonumber(fields[2] or 0)
      if open >= tonumber(bounds[2]) then return {'jobs', whole(open)} end
      if held + bytes > tonumber(bounds[3]) then return {'bytes', whole(held)} end
      call('HINCRBY', META, 'open', 1)
      call('HINCRBY', P .. 'owner:' .. owner, 'open', 1)
      call('HINCRBY', P .. 'owner:' .. owner, 'bytes', whole(bytes))
    end

    -- three bounds, id, owner, priority, '1' if there is a key, key, digest, specification, bytes, keep, '1' if there are items, items
    function ops.submit(a)
      local id, owner, key = a[4], a[5], a[7] == '1' and name_of(a[5], a[8]) or nil
      if key then
        local known = call('HGET', P .. 'keys', key)
        if known then return {load(known).digest == a[9] and 'known' or 'reused', known} end
      end
      if load(id) then return {'again'} end
      local refusal = take_room(owner, tonumber(a[11]), a)
      if refusal then return refusal end
      local job = {was = {}, id = id, owner = owner, priority = a[6], idempotency = key, digest = a[9], bytes = tonumber(a[11]),
        keep = tonumber(a[12]), created = now, state = 'queued', running = 0, done = 0, failed = 0, fences = 0, attempts = 0}
      job.seq = call('HINCRBY', META, 'seq', 1)
      if key then call('HSET', P .. 'keys', key, id) end
      call('SET', P .. 'specification:' .. id, a[10])
      local count = #a - 13
      job.stage = PLAN
      if a[13] == '1' then
        job.total = count
        job.stage = count > 0 and WORK or GATHER
      end
      for index = 0, math.max(1, count) - 1 do
        put(job, job.stage, index, QUEUED, 0, 0)
        if job.stage == WORK then keep('input', job, WORK, index, a[14 + index]) end
        line_up(job, job.stage, index)
      end
      job.queued = math.max(1, count)
      save(job)
      return {'accepted'}
    end

    -- All items of a job with the numbers of their stage and their index.
    local function each_item(job, body)
      local all = call('HGETALL', P .. 'item:' .. job.id)
      for at = 1, #all, 2 do
        local stage, index = string.match(all[at], '^(%d+):(%d+)$')
        local state, fence, attempts = string.match(all[at + 1], '^(%d+) (%d+) (%d+)$')
        body(tonumber(stage), tonumber(index), tonumber(state), tonumber(fence), tonumber(attempts))
      end
    end

    -- three bounds, id, '1' to keep what is done
    function ops.retry(a)
      local keeps_done = a[5] == '1'
      local job = load(a[4])
      if not job or not job.ended or (job.state ~= 'dead' and job.state ~= 'failed' and job.state ~= 'cancelled') then
        return {'none'}
      end
      local refusal = take_room(job.owner, job.bytes, a)
      if refusal then return refusal end
      -- The gathering made its result of what there was: it is made anew.
      keep('item', job, GATHER, 0)
      local waiting = {[PLAN] = {}, [WORK] = {}}
      each_item(job, function(stage, index, state, fence)
        if state ~= DONE or stage == WORK and not keeps_done then
          put(job, stage, index, QUEUED, fence, 0)
          keep('result', job, stage, index)
          keep('reason', job, stage, index)
          table.insert(waiting[stage], index)
        end
      end)
      job.stage = GATHER
      for _, stage in ipairs({WORK, PLAN}) do
        if #waiting[stage] > 0 then job.stage = stage end
      end
      if job.stage == GATHER then
        put(job, GATHER, 0, QUEUED, 0, 0)
        waiting[GATHER] = {0}
      end
      for _, index in ipairs(waiting[job.stage]) do line_up(job, job.stage, index) end
      if not keeps_done then job.done = 0 end
      job.state, job.queued, job.running, job.failed, job.attempts = 'queued', #waiting[job.stage], 0, 0, 0
      for _, name in ipairs({'started', 'ended', 'expires', 'seconds', 'duration', 'reason', 'result_name', 'result_bytes',
        'result_checksum', 'result_type'}) do job[name] = nil end
      call('ZREM', P .. 'expires', job.id)
      save(job)
      return {'queued'}
    end

    -- id
    function ops.cancel(a)
      local job = load(a[1])
      if not job or job.ended then return 0 end
      -- A gathering that runs is as good as done. One that waits to be tried again may wait for long; of one that only waits for its
      -- turn, a cancelled job's first result is not lost to a second cancelling.
      if job.stage == GATHER then
        if job.running > 0 or job.state == 'cancelled' and not job.postponed then return 0 end
      elseif job.state == 'cancelled' then
        return 0
      end
      each_item(job, function(stage, index, state, fence, attempts)
        if state == QUEUED then put(job, stage, index, CANCELLED, fence, attempts) end
      end)
      call('DEL', P .. 'queue:' .. job.id .. ':' .. whole(job.stage))
      job.state, job.queued, job.reason = 'cancelled', 0, 'it was cancelled'
      end_postponement(job)
      if job.stage == GATHER then close(job, 'cancelled') else move_on(job) end
      save(job)
      return 1
    end

    local function forget(id)
      local job = load(id)
      if not job or not job.ended then return 0 end
      drop_items(id)
      call('DEL', P .. 'job:' .. id, P .. 'specification:' .. id)
      call('ZREM', P .. 'expires', id)
      call('ZREM', P .. 'jobs:' .. job.state, id)
      call('ZREM', P .. 'jobs:' .. job.state .. ':' .. job.owner, id)
      if job.idempotency then call('HDEL', P .. 'keys', job.idempotency) end
      loaded[id] = nil
      return 1
    end

    function ops.forget(a) return forget(a[1]) end

    -- limit
    function ops.sweep(a)
      local ids = call('ZRANGEBYSCORE', P .. 'expires', '-inf', '(' .. whole(now), 'LIMIT', 0, tonumber(a[1]))
      for _, id in ipairs(ids) do forget(id) end
      return ids
    end

    local COLUMNS = {'id', 'owner', 'priority', 'state', 'stage', 'specification', 'bytes', 'created', 'started', 'ended',
      'expires', 'total', 'done', 'failed', 'seconds', 'duration', 'attempts', 'reason', 'result_name', 'result_bytes',
      'result_checksum', 'result_type', 'postponement', 'running'}

    -- id
    function ops.job(a)
      local values = call('HMGET', P .. 'job:' .. a[1], unpack(COLUMNS))
      if values[23] and values[24] == '0' then values[18] = values[23] end
      values[23], values[24] = nil, nil
      values[6] = call('GET', P .. 'specification:' .. a[1])
      return values
    end

    -- '1' for one owner, owner, the older job or nothing, limit, states
    function ops.jobs(a)
      local seq = a[3] ~= '' and call('HGET', P .. 'job:' .. a[3], 'seq') or nil
      local list = a[1] == '1' and ':' .. a[2] or ''
      local found = {}
      for at = 5, #a do
        local part = call('ZREVRANGEBYSCORE', P .. 'jobs:' .. a[at] .. list, seq and '(' .. seq or '+inf', '-inf', 'WITHSCORES',
          'LIMIT', 0, tonumber(a[4]))
        for at = 1, #part, 2 do found[#found + 1] = {tonumber(part[at + 1]), part[at]} end
      end
      table.sort(found, function(one, other) return one[1] > other[1] end)
      local all = {}
      for at = 1, math.min(tonumber(a[4]), #found) do all[at] = ops.job({found[at][2]}) end
      return all
    end

    -- id, first, limit
    function ops.items(a)
      local all, job = {}, {id = a[1]}
      for index = tonumber(a[2]), tonumber(a[2]) + tonumber(a[3]) - 1 do
        local it = item(job, WORK, index)
        if not it then break end
        local at = place(WORK, index)
        all[#all + 1] = {index, it.state, it.attempts, call('HGET', P .. 'input:' .. job.id, at),
          call('HGET', P .. 'result:' .. job.id, at), call('HGET', P .. 'reason:' .. job.id, at)}
      end
      return all
    end

    -- states; gives a number for each, then waiting, running, lost, postponed jobs and the age of the oldest in microseconds,
    -- or nothing
    function ops.counts(a)
      local counts = {}
      for at, state in ipairs(a) do counts[at] = call('ZCARD', P .. 'jobs:' .. state) end
      local fields = call('HMGET', META, 'waiting', 'lost')
      counts[#counts + 1] = tonumber(fields[1] or 0)
      counts[#counts + 1] = call('ZCARD', P .. 'leases')
      counts[#counts + 1] = tonumber(fields[2] or 0)
      counts[#counts + 1] = call('ZCARD', P .. 'later')
      local oldest = call('ZRANGE', P .. 'jobs:queued', 0, 0)[1]
      counts[#counts + 1] = oldest and math.max(0, now - call('HGET', P .. 'job:' .. oldest, 'created')) or false
      return counts
    end

    function ops.openJobs() return tonumber(call('HGET', META, 'open') or 0) end

    function ops.open() return 'OK' end
    """#

  private static let dispatch = #"""
    local arguments = {}
    for at = 8, #ARGV do arguments[at - 7] = ARGV[at] end
    return ops[op](arguments)
    """#
}
