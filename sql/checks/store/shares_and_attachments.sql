-- What somebody has of another person's account is what its owner shares now, and the other way round.
select coalesce(s.account, a.account) as account, coalesce(s.principal, a.principal) as principal,
       case when s.id is null then 'attached without a share' else 'shared but not attached' end as problem
from (select * from identity.share where ended_at is null and principal is not null) s
full join (select * from access.attachment where not owner) a on a.account = s.account and a.principal = s.principal
left join access.attachment own on own.account = s.account and own.principal = s.principal and own.owner
where (s.id is null or a.principal is null) and own.principal is null
