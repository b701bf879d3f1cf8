"""An oracle: what a month's charges come to, computed anew from the law's formulas, by other hands and in another language
than the product's. Standard library only; money, volumes and prices are exact fractions, rounded once where a line of
the bill is made, half away from zero.

    python3 Tests/Oracle/charges_oracle.py FOLDER 2026-01 > expected.csv

FOLDER holds plain CSV with a head, as `\\copy (…) to … csv header` writes it; numbers in millionths, dates ISO, empty for
null, arrays as PostgreSQL writes them:

    kinds       code valid_from ends_on position basis service of unit multiplied
    contracts   kind company house account valid_from valid_to is_off meter_possible quantity     eldest first
    tariffs     kind company house valid_from register zones up_to price                          eldest first
    norms       kind company house valid_from rooms residents value                               eldest first
    multipliers kind valid_from value                                                             eldest first
    undersupply kind house account month days                                                     eldest first
    areas       house valid_from total common                                                     eldest first
    accounts    number company house area rooms residents closed_on
    meters      id account service registers installed_on verified_until removed_on
    volumes     meter month volumes
    houses      house service month volume          a month in which all meters of the house told something
    posted      account kind consumed month sort method ground amount volume       what was posted before the month, in kopecks

It prints `account,kind,month,sort,amount,volume`: a row a line of the bill, `month` that of consumption, `amount` in
kopecks, `volume` in millionths. Sorts are charge, surcharge («повышающий коэффициент») and recalculation; what is
recalculated of one month and kind comes as one row with the net amount, its volume empty.

The rules, by ПП 354 (приложение 2) where nothing else is said:

* a meter's volume is what its dial went on by (formula 1); a reading after months without one is spread evenly over them,
  each is priced by its month's tariff, and the last one takes the kopecks that rounding left (domain.md, 1.8);
* months that stood by average are taken back then, months by the norm are not (п. 59, 60); of drainage what the other water
  took stays, at the tariffs of the months that it was told of;
* without a reading the mean of the last six months that readings told of, of three at least, three periods in a row;
  then the norm; with the multiplier only where the verification has run out (п. 59, 60);
* without a meter the norm, with the multiplier where a meter could be (formula 4(1)); the multiplier's part is a line of
  its own;
* drainage is what came in by both water pipes, or its own norm where neither has a meter (п. 42); no multiplier in it;
* heat of hot water is its volume, multiplier and all, by the norm of heat for a cubic metre (п. 38);
* electricity's ranges cut a month's volume, and each range is shared among the registers as the volume is;
* by area, by head, a fixed sum, by the norm of heat for a square metre: one product (formula 2);
* what a house needs: its meter less what the flats took, never below nothing nor above the norm, shared by area (formulas
  10 and 12, п. 44); without the meter the norm alone (formula 15);
* days without a service take their part of the month's sum off (п. 98); where a reading takes an estimate back, of what it
  makes of the month instead.
"""

import csv
import datetime
import pathlib
import sys
from fractions import Fraction as F

MILLION = 1_000_000
LONGEST = 3  # periods in a row that an average may stand in for readings
LEAST, MOST = 3, 6  # months that an average is made of


def half_up(value):
    """A whole number, half away from zero."""
    doubled = 2 * abs(value) + 1
    whole = doubled.numerator // (2 * doubled.denominator)
    return whole if value >= 0 else -whole


def printed(volume):
    """As the bill has it, six decimals."""
    return F(half_up(volume * MILLION), MILLION)


def number(month):
    """Years times twelve and months from 0."""
    return int(month[:4]) * 12 + int(month[5:7]) - 1


def first(month):
    return datetime.date(month // 12, month % 12 + 1, 1)


def length(month):
    return (first(month + 1) - first(month)).days


def rows(folder, name):
    with open(folder / f"{name}.csv", newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def array(text):
    return [F(int(part), MILLION) for part in text.strip("{}").split(",")]


class Books:
    """The dated rows that hold for all."""

    def __init__(self, folder):
        self.kinds = rows(folder, "kinds")
        self.own, self.shared = {}, {}
        for row in rows(folder, "contracts"):
            where = self.own.setdefault(row["account"], {}) if row["account"] else self.shared
            where.setdefault(row["kind"], []).append(row)
        self.tariffs, self.norms, self.multipliers, self.days, self.areas = {}, {}, {}, {}, {}
        for row in rows(folder, "tariffs"):
            self.tariffs.setdefault(row["kind"], []).append(row)
        for row in rows(folder, "norms"):
            self.norms.setdefault(row["kind"], []).append(row)
        for row in rows(folder, "multipliers"):
            self.multipliers.setdefault(row["kind"], []).append(row)
        for row in rows(folder, "undersupply"):
            self.days[row["kind"], row["house"], row["account"], number(row["month"])] = int(row["days"])
        for row in rows(folder, "areas"):
            self.areas.setdefault(row["house"], []).append(row)

    @staticmethod
    def narrowest(found, flat, month):
        """Of rows that hold in a month those of the narrowest scope, and of them the newest day's."""
        last = (first(month + 1) - datetime.timedelta(1)).isoformat()
        best = []
        for row in found:
            if row["valid_from"] > last or row.get("valid_to") and row["valid_to"] < first(month).isoformat():
                continue
            if row.get("account"):
                rank = 3 if row["account"] == flat["number"] else -1
            elif row["house"]:
                rank = 2 if row["house"] == flat["house"] else -1
            elif row["company"]:
                rank = 1 if row["company"] == flat["company"] else -1
            else:
                rank = 0
            if rank >= 0:
                best.append((rank, row["valid_from"], row))
        if not best:
            return []
        top = max((rank, since) for rank, since, _ in best)
        return [row for rank, since, row in best if (rank, since) == top]

    def contract(self, kind, flat, month):
        found = self.shared.get(kind, []) + self.own.get(flat["number"], {}).get(kind, [])
        best = self.narrowest(found, flat, month)
        return best[-1] if best and best[-1]["is_off"] == "f" else None

    def plan(self, flat, month):
        """What an account is charged for: [(kind's row, contract)]."""
        last = first(month + 1).isoformat()
        found = {}
        for kind in self.kinds:
            if kind["valid_from"] < last and not (kind["ends_on"] and kind["ends_on"] < first(month).isoformat()):
                contract = self.contract(kind["code"], flat, month)
                if contract:
                    found[kind["code"]] = (kind, contract)
        return found

    def spans(self, kind, month, present):
        """The first days of the spans of a month in which a kind's tariffs do not change, each with its part of the days on
        which the account is there."""
        last, since = first(month + 1) - datetime.timedelta(1), {first(month)}
        for row in self.tariffs.get(kind, []):
            day = datetime.date.fromisoformat(row["valid_from"])
            if first(month) < day <= last:
                since.add(day)
        if len(since) == 1:
            return [(first(month), F(1))]
        days, found = sorted(since), []
        for place, day in enumerate(days):
            end = (days + [first(month + 1)])[place + 1]
            found.append((day, max(0, (min(end.toordinal(), first(month).toordinal() + present) - day.toordinal()))))
        total = sum(count for _, count in found)
        return [(day, F(count, total)) for day, count in found if count]

    def prices(self, kind, flat, month, registers=1, on=None):
        """Register (None: any) → [(upper end or None, roubles)], lowest range first; on a day, or all over a month."""
        every = self.tariffs.get(kind, [])
        own = [row for row in every if row["zones"] and int(row["zones"]) == registers]
        found = own if own and registers > 1 else [row for row in every if not row["zones"]]
        if on:
            found = [row for row in found if row["valid_from"] <= on.isoformat()]
        found = self.narrowest(found, flat, month)
        by = {}
        for row in found:
            up_to = F(int(row["up_to"]), MILLION) if row["up_to"] else None
            by.setdefault(row["register"] or None, {})[up_to] = F(int(row["price"]), MILLION)
        return {register: sorted(ranges.items(), key=lambda item: (item[0] is None, item[0] or 0))
                for register, ranges in by.items()}

    def norm(self, kind, flat, month):
        found = self.narrowest(self.norms.get(kind, []), flat, month)
        people, rooms = int(flat["residents"] or 0), int(flat["rooms"] or 0)
        tables = [row for row in found if row["rooms"] or row["residents"]]
        if tables:
            # Beyond the table its last row and column hold.
            rooms = min(rooms, max(int(row["rooms"]) for row in tables))
            people = min(people, max(int(row["residents"]) for row in tables))
            found = [row for row in tables if int(row["rooms"]) == rooms and int(row["residents"]) == people]
        return F(int(found[-1]["value"]), MILLION) if found else None

    def multiplier(self, kind, month):
        last, value = first(month + 1).isoformat(), F(1)
        for row in sorted(self.multipliers.get(kind, []), key=lambda row: row["valid_from"]):
            if row["valid_from"] < last:
                value = F(int(row["value"]), MILLION)
        return value

    def area(self, house, month):
        last, found = first(month + 1).isoformat(), None
        for row in sorted(self.areas.get(house, []), key=lambda row: row["valid_from"]):
            if row["valid_from"] < last:
                found = (F(int(row["total"]), MILLION), F(int(row["common"]), MILLION))
        return found

    def lacking(self, kind, flat, month):
        own = self.days.get((kind, "", flat["number"], month), 0)
        return max(own, self.days.get((kind, flat["house"], "", month), 0) if flat["house"] else 0)


class Sum:
    """What volumes cost, exactly, by register and range: each is a sum of its own on the bill, and rounded once."""

    def __init__(self):
        self.cells = {}

    def add(self, cell, exact):
        self.cells[cell] = self.cells.get(cell, 0) + exact

    def plus(self, other):
        for cell, exact in other.cells.items():
            self.add(cell, exact)

    def kopecks(self, factor=1):
        return sum(half_up(exact * factor) for exact in self.cells.values())


def cost(volumes, prices):
    """Volumes of registers at a month's prices, cut into ranges: the total is cut, and each range is shared as the whole is."""
    total, found = sum(volumes), Sum()
    for place, volume in enumerate(volumes):
        ranges = prices.get(f"T{place + 1}") or prices.get(None)
        low = F(0)
        for step, (up_to, price) in enumerate(ranges):
            top = total if up_to is None else min(total, up_to)
            within = top - low
            low = top
            if len(ranges) > 1 and total:
                part = within * volume / total
            else:
                part = volume
            found.add((place, step), part * price * 100)
    return found


class Charged:
    """A kind's month: its volume before any multiplier, how it came to be, and its money."""

    def __init__(self, volumes, method, multiplier=F(1)):
        self.volumes, self.method, self.multiplier = volumes, method, multiplier

    @property
    def volume(self):
        return sum(self.volumes)


class Town:
    def __init__(self, folder, month):
        self.folder, self.month, self.books = folder, month, Books(folder)
        self.flats = rows(folder, "accounts")
        self.meters, told = {}, {}
        for row in rows(folder, "volumes"):
            if number(row["month"]) <= month:
                told.setdefault(row["meter"], {})[number(row["month"])] = array(row["volumes"])
        for row in rows(folder, "meters"):
            row["told"] = told.get(row["id"], {})
            row["registers"] = int(row["registers"])
            self.meters.setdefault((row["account"], row["service"]), []).append(row)
        self.posted = {}
        for row in rows(folder, "posted"):
            if number(row["month"]) < month:
                self.posted.setdefault((row["account"], row["kind"], number(row["consumed"])), []).append(row)
        self.houses = {(row["house"], row["service"], number(row["month"])): F(int(row["volume"]), MILLION)
                       for row in rows(folder, "houses")}
        self.lines = []

    # ---- Meters

    @staticmethod
    def before(meter, month):
        """The month from which what a meter tells in `month` is measured."""
        earlier = [told for told in meter["told"] if told < month]
        if earlier:
            return max(earlier)
        return number(meter["installed_on"]) if meter["installed_on"] else None

    def here(self, flat, service, month):
        return [meter for meter in self.meters.get((flat["number"], service), [])
                if not (meter["installed_on"] and number(meter["installed_on"]) > month)
                and not (meter["removed_on"] and number(meter["removed_on"]) < month)]

    def history(self, flat, service, meter, month):
        """The volumes of the months that readings told of, newest first, MOST at most."""
        found = []
        for other in self.meters.get((flat["number"], service), []):
            gone = other["removed_on"] and number(other["removed_on"]) < month
            if other is not meter and not (gone and other["registers"] == meter["registers"]):
                continue
            for told, volumes in other["told"].items():
                if told < month:
                    since = self.before(other, told)
                    months = max(1, told - since) if since is not None else 1
                    found += [(told - i, [volume / months for volume in volumes]) for i in range(months)]
        found.sort(key=lambda row: row[0], reverse=True)
        return [volumes for _, volumes in found[:MOST]]

    def metered(self, flat, kind, contract, month):
        """What a flat took in a month by its meters or what stands in for them, and the months that a reading of this
        month tells of beside it."""
        service, code = kind["service"], kind["code"]
        here = self.here(flat, service, month)
        if not here:
            return self.by_norm(flat, kind, month, contract["meter_possible"] == "t"), 0
        volumes, method, span = None, "meter", 0
        for meter in here:
            if month in meter["told"]:
                since = self.before(meter, month)
                months = max(1, month - since) if since is not None else 1
                own, how = [volume / months for volume in meter["told"][month]], "meter"
                span = max(span, months - 1)
            else:
                since = self.before(meter, month)
                missed = month - since if since is not None else LONGEST + 1
                if missed == 0 and any(month in other["told"] for other in here):
                    # It took another's place, which told of the month.
                    own, how = [F(0)] * meter["registers"], "meter"
                else:
                    history = self.history(flat, service, meter, month)
                    if missed > LONGEST or len(history) < LEAST:
                        over = meter["verified_until"] and number(meter["verified_until"]) <= month
                        return self.by_norm(flat, kind, month, bool(over)), 0
                    own, how = [sum(column) / len(history) for column in zip(*history)], "average"
            method = "average" if how == "average" else method
            volumes = own if volumes is None else [a + b for a, b in zip(volumes, own)]
        return Charged(volumes, method), span

    def by_norm(self, flat, kind, month, multiplied):
        norm = self.books.norm(kind["code"], flat, month)
        if norm is None or not int(flat["residents"] or 0):
            return None
        factor = self.books.multiplier(kind["code"], month) if multiplied and kind["multiplied"] == "t" else F(1)
        return Charged([norm * int(flat["residents"] or 0)], "norm", factor)

    # ---- Lines

    def add(self, flat, kind, month, sort, kopecks, volume=None):
        if kopecks or volume:
            self.lines.append((flat["number"], kind, f"{month // 12}-{month % 12 + 1:02d}", sort, kopecks,
                               "" if volume is None else half_up(volume * MILLION)))

    def charge(self, flat, code, charged, behind=None):
        """A line, one of what the multiplier adds, and one of what days without the service take off."""
        prices = self.books.prices(code, flat, self.month, len(charged.volumes))
        if not prices:
            return
        base, more = Sum(), 0
        for since, part in self.books.spans(code, self.month, int(self.whole(flat) * length(self.month))):
            base.plus(cost([volume * part for volume in charged.volumes],
                           self.books.prices(code, flat, self.month, len(charged.volumes), since)))
        # Months that stood by average, or that nothing was charged for, come with this one.
        own, volume = base.kopecks(), charged.volume
        for month, (volumes, rest) in sorted((behind or {}).items()):
            base.plus(cost(volumes, self.books.prices(code, flat, month, len(volumes))))
            volume += sum(volumes)
            # What was charged for the month is taken back, but for what stays of it.
            kopecks, _, was = self.standing(flat, code, month)
            if kopecks or was:
                stays = Sum()
                for priced, share in rest:
                    stays.plus(cost([share], self.books.prices(code, flat, priced)))
                gone = stays.kopecks() - kopecks
                self.add(flat, code, month, "recalculation", gone)
                share = cost(volumes, self.books.prices(code, flat, month, len(volumes))).kopecks()
                self.days_behind(flat, code, month, kopecks, gone + share)
                if code in self.back:
                    self.back[code] += was
        self.add(flat, code, self.month, "charge", base.kopecks(), volume)
        if charged.multiplier > 1:
            # Both lines together are the formula's product, which is rounded once.
            more = base.kopecks(charged.multiplier) - own
            self.add(flat, code, self.month, "surcharge", more, charged.volume * (charged.multiplier - 1))
        days = self.books.lacking(code, flat, self.month)
        if days:
            off = half_up(F(own + more) * days / length(self.month))
            self.add(flat, code, self.month, "recalculation", -off)

    def days_behind(self, flat, code, month, stood, change):
        """Days of a month whose estimate is taken back are of what the reading makes of the month; where that had begun before,
        of what is new."""
        posted = self.posted.get((flat["number"], code, month), [])
        taken = sum(int(row["amount"]) for row in posted if row["ground"] == "undersupply")
        part = F(self.books.lacking(code, flat, month), length(month))
        if not taken or not part:
            return
        if any(row["ground"] == "reading" for row in posted):
            off = half_up(change * part)
        else:
            off = half_up(max(0, stood + change) * part) + taken
        self.add(flat, code, month, "recalculation", -off)

    def standing(self, flat, kind, month):
        """What stands of a month as it was charged, but for days without the service: the kopecks, how it came to be, and the
        volume."""
        by = {}
        for row in self.posted.get((flat["number"], kind, month), []):
            if row["ground"] != "undersupply":
                kopecks, volume = by.get(row["method"], (0, F(0)))
                more = F(int(row["volume"]), MILLION) if row["sort"] != "surcharge" else 0
                by[row["method"]] = (kopecks + int(row["amount"]), volume + more)
        by = {method: sums for method, sums in by.items() if sums != (0, 0)}
        method = next((method for method in ("average", "norm", "meter", "other") if method in by), None)
        return sum(kopecks for kopecks, _ in by.values()), method, sum(volume for _, volume in by.values())

    def shares(self, flat, held, code, month):
        """What stands of a water in a month, as it was priced: [(whose tariff, volume)]. A reading that told of the months before
        it too gave each its share, but for those that the norm had told of."""
        kind, contract = held
        volume = self.standing(flat, code, month)[2]
        charged, span = self.metered(flat, kind, contract, month)
        if not volume or not span or charged.method != "meter":
            return [(month, volume)] if volume else []
        months = [past for past in range(month - span, month + 1)
                  if past == month or self.standing(flat, code, past)[1] != "norm"]
        return [(past, volume / len(months)) for past in months]

    def whole(self, flat):
        """The part of the month that an account is there for: the day on which it is closed is not its own any more."""
        if not flat["closed_on"] or number(flat["closed_on"]) > self.month:
            return F(1)
        return F(int(flat["closed_on"][8:10]) - 1, length(self.month)) if number(flat["closed_on"]) == self.month else F(0)

    def individual(self, flat):
        """All but the needs of the house. Answers the volumes of the kinds by meter."""
        month, books, taken, back, whole = self.month, self.books, {}, {}, self.whole(flat)
        if not whole:
            return {}
        plan, self.back = books.plan(flat, month), {}
        for code, (kind, contract) in plan.items():
            if kind["basis"] != "meter":
                continue
            charged, span = self.metered(flat, kind, contract, month)
            if charged is None:
                continue
            if charged.method != "meter":
                charged.volumes = [volume * whole for volume in charged.volumes]
            taken[code] = charged
            # What stood by the norm stays; all else is told now.
            back[code] = {past: (charged.volumes, []) for past in range(month - span, month)
                          if self.standing(flat, code, past)[1] != "norm"}
            self.back[code] = F(0)
            self.charge(flat, code, charged, back[code])
        for code, (kind, contract) in plan.items():
            basis, charged = kind["basis"], None
            quantity = F(int(contract["quantity"]), MILLION) if contract["quantity"] else None
            area = quantity if quantity is not None else F(int(flat["area"]), MILLION) if flat["area"] else None
            spans = {}
            if basis == "area" and area is not None:
                charged = Charged([area * whole], "other")
            elif basis == "person":
                charged = Charged([int(flat["residents"] or 0) * whole], "other")
            elif basis == "fixed":
                charged = Charged([(1 if quantity is None else quantity) * whole], "other")
            elif basis == "area_norm" and area is not None:
                charged = Charged([area * books.norm(code, flat, month) * whole], "norm")
            elif basis == "water_heat" and kind["of"] in taken:
                water, norm = taken[kind["of"]], books.norm(code, flat, month)
                charged = Charged([water.volume * norm], water.method,
                                  water.multiplier if kind["multiplied"] == "t" else F(1))
                spans = {past: ([sum(volumes) * books.norm(code, flat, past)], [])
                         for past, (volumes, _) in back[kind["of"]].items()}
            elif basis == "drainage":
                sources = [source for source, (water, _) in plan.items()
                           if water["basis"] == "meter" and water["service"] in ("cold_water", "hot_water")]
                if any(source not in taken for source in sources):
                    continue
                methods = {taken[source].method for source in sources}
                if methods - {"norm"}:
                    charged = Charged([sum(taken[source].volume for source in sources)],
                                      next(m for m in ("norm", "average", "meter") if m in methods))
                    for past in {past for source in sources for past in back[source]}:
                        now = [source for source in sources if past in back[source]]
                        spans[past] = ([sum(sum(back[source][past][0]) for source in now)],
                                       [share for source in sources if source not in now
                                        for share in self.shares(flat, plan[source], source, past)])
                else:
                    charged = self.by_norm(flat, kind, month, False)
                    if charged:
                        charged.volumes = [volume * whole for volume in charged.volumes]
            if charged is None:
                continue
            self.charge(flat, code, charged, spans)
        # What the house is told that a flat took: what its lines print, charged now and taken back.
        return {code: printed(charged.volume + sum(sum(volumes) for volumes, _ in back[code].values())) - self.back[code]
                for code, charged in taken.items()}

    def needs(self, house, flats, taken):
        area = self.books.area(house, self.month)
        # Without common parts nothing is known of them.
        if area is None or not area[1]:
            return
        for flat in flats:
            if not self.whole(flat) or not flat["area"]:
                continue
            for code, (kind, contract) in self.books.plan(flat, self.month).items():
                if kind["basis"] != "house_needs":
                    continue
                norm = self.books.norm(code, flat, self.month)
                limit = norm * area[1] if norm is not None else None
                total = self.houses.get((house, kind["service"], self.month))
                if total is None:
                    shared, method = limit, "norm"
                else:
                    used = sum(volumes.get(kind["of"], 0) for volumes in taken)
                    shared, method = max(F(0), min(total - used, limit)), "other"
                share = F(int(flat["area"]), MILLION) / area[0] * self.whole(flat)
                self.charge(flat, code, Charged([shared * share], method))

    def run(self):
        by, taken = {}, {}
        for flat in self.flats:
            by.setdefault(flat["house"], []).append(flat)
            taken[flat["number"]] = self.individual(flat)
        for house, flats in by.items():
            if house:
                self.needs(house, flats, [taken[flat["number"]] for flat in flats])
        return sorted(self.lines, key=lambda line: (line[:4], line[4]))


def main():
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["account", "kind", "month", "sort", "amount", "volume"])
    out.writerows(Town(pathlib.Path(sys.argv[1]), number(sys.argv[2])).run())


if __name__ == "__main__":
    main()
