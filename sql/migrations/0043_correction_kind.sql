-- Days without a service are told of one kind: what else was changed of their month since is charged anew only when that is asked for.
alter table facts.correction
  add kind text;                                     -- facts.charge_kind.code; null: all of the months
