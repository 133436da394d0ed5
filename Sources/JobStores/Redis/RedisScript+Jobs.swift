/// Jobs, from their acceptance to their end.
extension RedisScript {
  /// Jobs that come, come again, and go.
  static let jobs = #"""
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
}
