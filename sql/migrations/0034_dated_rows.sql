-- What charges are made by is looked up by what it is about: a million accounts may have contracts of their own, and ten
-- thousand houses norms and tariffs. A month that is opened again finds the corrections that it had charged.

drop index facts.contract_of, facts.contract_account, facts.tariff_of, facts.norm_of, facts.undersupply_of, facts.house_area_of;
create index contract_of on facts.contract (organization, (coalesce(account, '')), (coalesce(house, '')), kind);
create index tariff_of on facts.tariff (organization, (coalesce(house, '')), kind);
create index norm_of on facts.norm (organization, (coalesce(house, '')), kind);
create index undersupply_of on facts.undersupply (organization, month, (coalesce(house, '')), (coalesce(account, '')));
create index house_area_of on facts.house_area (organization, house);

create index correction_done on facts.correction (account, done_in) where done_in is not null;
