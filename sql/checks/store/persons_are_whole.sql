-- Whoever registered has a password, and has the account whose number is the login (SF-036); nobody is half made.
select p.organization, p.id, p.kind,
       case when c.principal is null then 'no password' else 'not the account of the login' end as problem
from access.principal p
left join identity.credential c on c.principal = p.id
left join access.attachment a on a.principal = p.id and a.account = p.account and a.owner
where p.kind <> 'demo' and (c.principal is null or p.kind = 'account' and a.principal is null)
