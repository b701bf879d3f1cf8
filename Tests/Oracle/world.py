"""Writes the SQL of a town of 5,000 accounts whose meters are the real registers of ops/demo/data (MIT), each used many
times from another month on and scaled to a flat; people, flats, houses, tariffs and contracts are made up.

    python3 Tests/Oracle/world.py ops/demo/data/water_santamonica_bimonthly.csv.gz ORGANIZATION [ACCOUNTS] | psql …

The same every time. What is in it on purpose: months without readings (registers are read every other month, some less
often), readings that come back over a change of tariffs (January 2026), the multiplier that doubles (December 2025),
flats without meters where there could and could not be any, verifications that end, dials that go over, two-rate meters
and ranges of electricity, meters that were replaced, flats that leave within a month, houses with and without a meter of
their own whose needs come to less than nothing or to more than the norm, days without a service."""

import csv
import gzip
import random
import sys

MILLION = 1_000_000
FIRST, LAST = 2025 * 12 + 11, 2026 * 12 + 1  # December 2025 and February 2026, as years times twelve and months from 0


def day(month, number):
    return f"{month // 12}-{month % 12 + 1:02d}-{number:02d}"


def registers(path):
    """Each household's volumes: [(months since the reading before, thousandths of a cubic metre)]."""
    by = {}
    with gzip.open(path, "rt") as file:
        for row in csv.DictReader(file):
            year, month = row["bill_month"].split("-")
            by.setdefault(row["household_id"], []).append(
                (int(year) * 12 + int(month) - 1, round(float(row["register_m3"]) * 1000)))
    found = []
    for household in sorted(by):
        before, uses = None, []
        for month, value in sorted(by[household]):
            uses.append((month - before[0] if before else 2, value - (before[1] if before else 0)))
            before = (month, value)
        found.append(uses)
    return found


class Table:
    """Rows that go in by one statement for each few thousand."""

    def __init__(self, name, columns):
        self.name, self.columns, self.rows = name, columns, []

    def add(self, *row):
        self.rows.append(row)

    @staticmethod
    def text(value):
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int):
            return str(value)
        if isinstance(value, list):
            return "'{" + ",".join(map(str, value)) + "}'"
        return "'" + value.replace("'", "''") + "'"

    def write(self, out):
        for at in range(0, len(self.rows), 5000):
            out.write(f"insert into {self.name} ({self.columns}) values\n")
            out.write(",\n".join("(" + ",".join(map(self.text, row)) + ")" for row in self.rows[at:at + 5000]))
            out.write(";\n")


def references(org, houses, out, draw):
    kind = Table("facts.charge_kind", 'organization, code, valid_from, title, position, basis, service, "of", unit, supplier, '
                 "penalty, multiplied, separate")
    contract = Table("facts.contract", "organization, kind, house, valid_from, is_off, meter_possible, quantity")
    for position, (code, basis, service, of, unit, multiplied) in enumerate([
            ("maintenance", "area", None, None, "m2", False),
            ("waste", "person", None, None, "person", False),
            ("antenna", "fixed", None, None, "month", False),
            ("cold_water", "meter", "cold_water", None, "m3", True),
            ("hot_water", "meter", "hot_water", None, "m3", True),
            ("hot_water_heat", "water_heat", "hot_water", "hot_water", "gcal", True),
            ("drainage", "drainage", None, None, "m3", False),
            ("heating", "area_norm", None, None, "gcal", False),
            ("electricity", "meter", "electricity", None, "kwh", True),
            ("cold_water_house", "house_needs", "cold_water", "cold_water", "m3", False),
            ("capital_repair", "area", None, None, "m2", False)]):
        kind.add(org, code, "2023-01-01", code, 10 * position + 10, basis, service, of, unit, "s-" + code,
                 "capital_repair" if code == "capital_repair" else "housing", multiplied, code == "capital_repair")
        contract.add(org, code, None, "2023-01-01", False, True, MILLION if basis == "fixed" else None)
    for house in houses:
        if draw.random() < 0.3:
            for code in ("cold_water", "hot_water"):
                contract.add(org, code, house, "2024-01-01", False, False, None)
        if draw.random() < 0.1:
            contract.add(org, "heating", house, "2024-01-01", True, True, None)
    tariff = Table("facts.tariff", "organization, kind, house, valid_from, register, zones, up_to, price")
    for code, old, new in [("maintenance", 22_400_000, 24_530_000), ("waste", 109_670_000, 118_450_000),
                           ("antenna", 65_000_000, 65_000_000), ("cold_water", 44_100_000, 46_103_700),
                           ("hot_water", 44_100_000, 46_103_700), ("hot_water_heat", 2_310_000_000, 2_543_170_000),
                           ("drainage", 25_900_000, 28_371_900), ("heating", 2_310_000_000, 2_543_170_000),
                           ("cold_water_house", 44_100_000, 46_103_700), ("capital_repair", 12_410_000, 12_410_000)]:
        tariff.add(org, code, None, "2023-01-01", None, None, None, old)
        if new != old:
            tariff.add(org, code, None, "2026-01-01", None, None, None, new)
    # In months before the first that is charged here, and in the middle of one.
    tariff.add(org, "cold_water", None, "2025-10-01", None, None, None, 41_200_000)
    tariff.add(org, "cold_water", None, "2025-12-01", None, None, None, 44_100_000)
    tariff.add(org, "antenna", None, "2026-02-17", None, None, None, 71_330_000)
    tariff.add(org, "maintenance", houses[1], "2023-01-01", None, None, None, 31_170_000)
    for since, add in (("2023-01-01", 0), ("2026-01-01", 130_000)):
        for up_to, price in ((150, 1_710_000), (300, 2_600_000), (None, 5_490_000)):
            up = up_to and up_to * MILLION
            tariff.add(org, "electricity", None, since, None, None, up, price + add)
            tariff.add(org, "electricity", None, since, "T1", 2, up, price * 115 // 100 + add)
            tariff.add(org, "electricity", None, since, "T2", 2, up, price * 60 // 100 + add)
    norm = Table("facts.norm", "organization, kind, house, valid_from, rooms, residents, value")
    for code, value in (("cold_water", 4_200_000), ("hot_water", 3_150_000), ("hot_water_heat", 62_300),
                        ("drainage", 7_350_000), ("heating", 22_500), ("cold_water_house", 27_000)):
        norm.add(org, code, None, "2023-01-01", None, None, value)
    norm.add(org, "heating", houses[2], "2024-01-01", None, None, 19_870)
    for rooms in range(1, 5):
        for people in range(1, 6):
            norm.add(org, "electricity", None, "2023-01-01", rooms, people,
                     (168 + 16 * rooms) * MILLION * (10 + people) // (11 * people + people * people // 2))
    multiplier = Table("facts.multiplier", "organization, kind, valid_from, value")
    for code, since, value in (("cold_water", "2023-01-01", 1_500_000), ("cold_water", "2025-12-01", 3_000_000),
                               ("hot_water", "2023-01-01", 1_500_000), ("electricity", "2023-01-01", 1_500_000)):
        multiplier.add(org, code, since, value)
    for table in (kind, contract, tariff, norm, multiplier):
        table.write(out)


def town(path, org, count, out):
    draw = random.Random(354)
    series = registers(path)
    per = 50
    houses = [f"h{n:03d}" for n in range(max(4, (count - count // 25) // per))]
    references(org, houses, out, draw)
    account = Table("facts.account", "id, organization, number, stripped, company, surname, house, apartment, area, rooms, "
                    "residents, closed_on")
    meter = Table("facts.meter", "id, account, organization, service, number, registers, digits, decimals, installed_on, "
                  "verified_until, removed_on, initial")
    reading = Table("facts.reading", "id, account, meter, month, taken_on, received_at, rolled, state, channel, actor, values")
    month_of = Table("views.month", "meter, month, account, reading, taken_on, values, volumes")
    own = Table("facts.contract", "organization, kind, account, valid_from, is_off, meter_possible, quantity")
    lack = Table("facts.undersupply", "organization, kind, house, account, month, days, why")
    ids = [1_000_000_000]

    def new():
        ids[0] += 1
        return ids[0]

    def uuid():
        return f"{new():032x}"

    def register(at, target, last, scale, zones):
        """The uses of one dial, [(month, volumes)], the last one told at `target` or before."""
        uses = series[at % len(series)]
        chosen = draw.randrange(max(0, len(uses) - 6), len(uses)) if draw.random() < 0.8 else draw.randrange(len(uses))
        month, found = target, []
        for gap, volume in reversed(uses[:chosen + 1]):
            found.append((month, gap, volume * scale // 1000))
            month -= gap
        # Older ones count for no average any more.
        found = found[7::-1]
        month = target
        for gap, volume in uses[chosen + 1:]:
            month += gap
            if month > last:
                break
            found.append((month, gap, volume * scale // 1000))
        return [(month, gap, [volume * MILLION // 1000] if zones == 1 else
                 [volume * 650 // 1000 * 1000, (volume - volume * 650 // 1000) * 1000]) for month, gap, volume in found]

    def install(flat, service, number, at, scale, zones=1, decimals=3):
        uses = register(at, draw.randrange(FIRST - 1, LAST + 1), LAST, scale, zones)
        installed = uses[0][0] - uses[0][1]
        verified = None
        if draw.random() < 0.12:
            verified = day(draw.randrange(FIRST - 5, LAST + 1), 28)
        capacity = 100_000 * MILLION
        initial = [0 if draw.random() < 0.9 else capacity - 5 * MILLION] * zones
        replaced = draw.randrange(1, len(uses)) if len(uses) > 4 and draw.random() < 0.06 else None
        dial, values = new(), list(initial)
        start = day(installed, 15)
        for place, (month, gap, volumes) in enumerate(uses):
            if place == replaced:
                # The old one goes on the day of its last reading; the new one begins at nothing.
                gone = day(uses[place - 1][0], 20)
                meter.add(dial, flat, org, service, number, zones, 5, decimals, start, None, gone, initial)
                dial, number, start = new(), number + "-2", gone
                initial = [0] * zones
                values = list(initial)
            if verified and day(month, 20) > verified and (replaced is None or place >= replaced):
                continue
            if verified and replaced is not None and place < replaced and day(month, 20) > verified:
                verified = None
            rolled = 0
            for i, volume in enumerate(volumes):
                values[i] += volume
                if values[i] >= capacity:
                    values[i] -= capacity
                    rolled |= 1 << i
            told = uuid()
            taken = day(month, 20)
            reading.add(told, flat, dial, day(month, 1), taken, taken, rolled, "effective", "import", "oracle", list(values))
            month_of.add(dial, day(month, 1), flat, told, taken, list(values), list(volumes))
        meter.add(dial, flat, org, service, number, zones, 5, decimals, start, verified, None, initial)

    areas = {house: 0 for house in houses}
    for n in range(count):
        # The last of each 25 live in no house that we know.
        house = None if n % 25 == 24 else houses[min((n - n // 25) // per, len(houses) - 1)]
        flat, number = new(), str(600_000_000 + n)
        area = draw.randrange(280, 1200) * 100_000 if draw.random() < 0.5 else draw.randrange(2800, 12000) * 10_000
        rooms = draw.randrange(1, 6)
        people = draw.choices([0, 1, 2, 3, 4, 5, 6], [1, 9, 10, 9, 6, 2, 1])[0]
        closed = None
        if draw.random() < 0.01:
            closed = day(draw.randrange(FIRST - 1, LAST + 1), draw.randrange(2, 28))
        account.add(flat, org, number, number, "main", "Иванов", house, str(n % per + 1), area, rooms, people, closed)
        if house:
            areas[house] += area
        if draw.random() < 0.9:
            install(flat, "cold_water", f"C{n}", n, 150)
        if draw.random() < 0.85:
            install(flat, "hot_water", f"H{n}", n * 7 + 37, 90)
        if draw.random() < 0.95:
            install(flat, "electricity", f"E{n}", n * 11 + 71, 5000, zones=2 if draw.random() < 0.2 else 1)
        if draw.random() < 0.1:
            own.add(org, "antenna", number, "2024-01-01", True, True, None)
        elif draw.random() < 0.05:
            own.add(org, "antenna", number, "2024-01-01", False, True, 2 * MILLION)
        if draw.random() < 0.02:
            own.add(org, "cold_water", number, "2024-01-01", False, False, None)
        if draw.random() < 0.01:
            lack.add(org, draw.choice(["cold_water", "hot_water", "waste", "drainage"]), None, number,
                     day(draw.randrange(FIRST, LAST + 1), 1), draw.randrange(1, 12), "oracle")
    for house in houses:
        if draw.random() < 0.1:
            lack.add(org, draw.choice(["heating", "maintenance", "cold_water", "hot_water_heat", "electricity"]), house, None,
                     day(draw.randrange(FIRST, LAST + 1), 1), draw.randrange(1, 9), "oracle")
    area = Table("facts.house_area", "organization, house, valid_from, total, common")
    common = Table("facts.house_meter", "id, organization, house, service, number, digits, decimals, initial")
    volume = Table("facts.house_month", "meter, month, taken_on, volume, received_at, channel, actor, command")
    for place, house in enumerate(houses):
        if place % 17 != 16:
            # More than its flats: there are shops too.
            area.add(org, house, "2023-01-01", areas[house] * 103 // 100, draw.randrange(300, 1600) * 100_000)
        if place % 3:
            dial = new()
            common.add(dial, org, house, "cold_water", f"HOUSE-{house}", 6, 0, 0)
            for month in range(FIRST, LAST + 1):
                if draw.random() < 0.97:
                    volume.add(dial, day(month, 1), day(month, 25), draw.randrange(250, 420) * MILLION, day(month, 25),
                               "import", "oracle", uuid())
    for table in (account, meter, reading, month_of, own, lack, area, common, volume):
        table.write(out)
    for month in range(FIRST, LAST + 1):
        out.write(f"insert into facts.period (organization, month, opened_at) values ('{org}', '{day(month, 1)}', "
                  f"'{day(month, 1)}') on conflict do nothing;\n")
    out.write("analyze facts.account; analyze facts.meter; analyze views.month; analyze facts.reading;\n")


if __name__ == "__main__":
    town(sys.argv[1], sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 5000, sys.stdout)
