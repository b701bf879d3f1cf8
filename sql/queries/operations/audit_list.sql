-- The newest entries of the audit, and what became of the command where an entry is of one that is still kept. What is of
-- none was done as it was written down, unless it was only begun then: of that, and of what is not kept, nothing is said. Of an
-- import, which is written down before its rows are decided, «rejected» has those that were refused since then too.
-- $1 limit int8, $2 actor text, $3 about text[] (any of them), $4 organization text, $5 not before timestamptz,
-- $6 action text; null: all.
-- Rows: id, at, actor, action, organization (may be null), details, about text[], why (may be null), command (may be null),
-- state, code (both may be null)
select a.id, a.at, a.actor, a.action, a.organization,
       case when i.refused is null then a.details
            else a.details || jsonb_build_object('rejected', coalesce((a.details->>'rejected')::int8, 0) + i.refused) end,
       a.about, a.why, a.command,
       -- What was refused as it was written down is told for ever.
       case when a.details ? 'refused' then 'refused'
            when a.sent is not null then s.state
            when a.action !~ '^(import|views\.rebuild|queue\.resize|job\.(reprocess|discard)|export\.[a-z]+)$' then 'done' end,
       coalesce(a.details->>'refused', nullif(s.code, ''))
from (select k.*, coalesce(k.command, case when t.text ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'
                                           then t.text::uuid end) as sent
      from operations.audit k
      -- What was appended anew stands beside what it was.
      cross join lateral (select coalesce(k.details->>'new', k.details->>'command') as text) t
      where ($2::text is null or k.actor = $2::text) and ($3::text[] is null or k.about && $3::text[])
        and ($4::text is null or k.organization = $4::text) and ($5::timestamptz is null or k.at >= $5::timestamptz)
        and ($6::text is null or k.action = $6::text)
      order by k.id desc limit $1::int8) a
left join lateral (select k.id, k.pool, k.lane, k.xid, k.seq from queue.command k where k.id = a.sent offset 0) c on true
left join lateral (select n.state, n.code from queue.standing(c.id, c.pool, c.lane, c.xid, c.seq) n
                   where c.id is not null) s on true
left join lateral (select sum(k.refused)::int8 as refused from operations.import_part k
                   where k.job = case when a.action = 'import' then (a.details->>'job')::int8 end) i on true
order by a.id desc
