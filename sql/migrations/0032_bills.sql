-- Bills as documents. What one says is frozen when its month is closed, so the dated rows that it is drawn with tell when they
-- were added: what came later is not in it. Bills are drawn for pages, and for letters, which lanes send.

alter table facts.supplier add added_at timestamptz not null default '-infinity';
alter table facts.supplier alter added_at set default clock.now();
alter table facts.charge_kind add added_at timestamptz not null default '-infinity';
alter table facts.charge_kind alter added_at set default clock.now();
alter table facts.norm add added_at timestamptz not null default '-infinity';
alter table facts.norm alter added_at set default clock.now();

create or replace view views.supplier as
select n, organization, code, valid_from, name, inn, kpp, account, bank, bic, correspondent, address, phone, email, site, schedule,
       added_at
from facts.supplier;

create or replace view views.charge_kind as
select n, organization, code, valid_from, ends_on, title, title_en, position, basis, service, "of", unit, supplier, separate,
       added_at
from facts.charge_kind;

create or replace view views.norm as
select n, organization, kind, company, house, valid_from, rooms, residents, value, added_at from facts.norm;

grant select on views.meter, views.house_meter, views.house_month to kabinet_workers;
grant execute on function views.local(timestamptz, text) to kabinet_workers;

-- What was attached to a letter that stayed in the outbox: its name and its size. The file itself is kept nowhere.
alter table operations.outbox add attachment text, add attachment_bytes int;
