-- Every reading that counts has as many values as its meter has registers.
select r.id as reading, r.meter, cardinality(r.values) as found, m.registers as expected
from facts.reading r join facts.meter m on m.id = r.meter
where r.state = 'effective' and cardinality(r.values) <> m.registers
