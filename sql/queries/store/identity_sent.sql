-- When codes went to numbers in the last day. $1 organizations, $2 phones text[]. Rows: organization, phone, sent_at
select u.organization, u.phone, c.sent_at
from unnest($1::text[], $2::text[]) u(organization, phone)
cross join lateral (select sent_at from identity.code k where k.organization = u.organization and k.phone = u.phone
                      and k.sent_at > clock.now() - interval '24 hours' offset 0) c
