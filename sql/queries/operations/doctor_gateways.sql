-- Gateways that are not called for a minute or longer. Rows: gateway, reason text, minutes int8, waiting int8 (notices that
-- have not left yet)
select g.gateway, g.reason, (extract(epoch from clock_timestamp() - g.since) / 60)::int8,
       (select count(*) from facts.notice n
        where n.state = 'queued' and (n.channel = 'letter') = (g.gateway = 'smtp')
          and n.queued_at > clock_timestamp() - interval '40 days')
from facts.gateway g
where g.reason is not null and g.since < clock_timestamp() - interval '1 minute'
order by g.gateway
