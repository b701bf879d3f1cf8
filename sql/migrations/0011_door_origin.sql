-- The door asks, before it appends, whether the cursors speak of this server. After a logical restore they do not, and
-- queue.rebase would take what was appended before it for decided.
grant select on queue.origin to kabinet_ingress;
