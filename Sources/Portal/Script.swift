import HTTP
import Markup

/// The one program of all pages. They do without it all that matters; where programs run, it makes them better. It has no texts:
/// what it says stands in the page, in the page's language.
enum Script {
    static let asset = Asset(
        Array(program.description.utf8), type: "text/javascript; charset=utf-8")

    /// Stands in the head of every page.
    static var tag: HTML { script(src: "/static/kabinet.js?v=\(asset.version)") }

    /// Where it says to screen readers what has changed in a page that was not loaded anew.
    static var voice: HTML {
        div(.id("said"), .class("spoken"), .role("status"), .aria("live", "polite"))
    }

    static let program: StaticString = #"""
        "use strict";
        (() => {
          // Forms sent without leaving the page, and their fields.
          const LIVE = "form[data-live]", TYPED = LIVE + " input[inputmode]", DRAFT = "draft ";
          const TRIES = 6, PATIENCE = 15000, POLLS = 10, POLL = 2000;
          const content = () => document.getElementById("content");
          const typed = (root) => [...root.querySelectorAll(TYPED)];
          const say = (text) => { document.getElementById("said").textContent = text; };
          let busy = false, isDown = false, wake = null, polls = 0;

          // What was typed is kept in the tab until it is taken.
          const kept = {
            run(act) { try { return act(sessionStorage); } catch { return null; } },
            name: (field) => DRAFT + field.form.getAttribute("action").split("?")[0] + " " + field.id,
            note(field) {
              kept.run((store) => field.value
                ? store.setItem(kept.name(field), field.value) : store.removeItem(kept.name(field)));
            },
            restore(field) {
              if (field.value || field.disabled) return;
              field.value = kept.run((store) => store.getItem(kept.name(field))) || "";
              if (field.value) check(field, true);
            },
            forget() {
              kept.run((store) => Object.keys(store).filter((name) => name.startsWith(DRAFT))
                .forEach((name) => store.removeItem(name)));
            },
            // Somebody else at the same browser sees nothing of it.
            greet() {
              const greeting = document.querySelector(".greeting");
              if (!greeting) return;
              const { person } = greeting.dataset;
              kept.run((store) => {
                if (store.getItem("person") !== person) kept.forget();
                store.setItem("person", person);
              });
            },
          };

          // The rules of Quantity.read; the lane decides.
          const read = (field) => {
            const text = field.replace(/^ *\d+(?:[ \u00a0\u2009\u202f]\d+)*/, (found) => found.replace(/\D/g, ""));
            const parts = /^ *0*(\d*?)(?:[.,](\d+?)0*)? *$/.exec(text);
            return parts && /\d/.test(text) && !/^ *[.,]/.test(text)
              ? { integer: parts[1], fraction: (parts[2] || "").replace(/^0+$/, "") } : null;
          };
          const scaled = (number) => BigInt((number.integer || "0") + number.fraction.padEnd(6, "0"));
          const fault = (field, isWhole) => {
            const { digits, decimals, previous, format, capacity, less } = field.dataset;
            if (!digits || !field.value.trim()) return "";
            // The fraction may still come.
            const number = read(isWhole ? field.value : field.value.replace(/[.,] *$/, ""));
            if (!number || number.fraction.length > Number(decimals)) return format;
            if (number.integer.length > Number(digits)) return capacity;
            const before = previous ? read(previous) : null;
            if (!before || (!isWhole && number.integer.length < before.integer.length)) return "";
            return scaled(number) < scaled(before) ? less : "";
          };
          const check = (field, isWhole) => {
            const remark = document.getElementById(field.id.replace(/-[^-]*$/, "-check"));
            if (!remark) return;
            const text = typed(field.form).filter((other) => other.closest(".row") === field.closest(".row"))
              .map((other) => fault(other, isWhole || other !== field)).find((found) => found) || "";
            remark.querySelector("[data-text]").textContent = text;
            remark.hidden = !text;
            if (text && isWhole) say(text);
          };

          // A remark that moved the button from under a tap would lose the tap.
          const settle = (field) => setTimeout(() => {
            if (isDown) settle(field);
            else if (!busy && field.isConnected) check(field, true);
          }, 200);

          const show = (form, name, isShown) => {
            // A button beside a form has no place for it.
            const remark = (form.closest("article") || form).querySelector("[data-" + name + "]");
            if (!remark) return;
            remark.hidden = !isShown;
            if (isShown) say(remark.textContent);
          };

          // Draws the answer in place of the page. False: it is none.
          const swap = (html, address, isOwn) => {
            const page = new DOMParser().parseFromString(html, "text/html");
            const fresh = page.getElementById("content");
            if (!fresh) return false;
            // Around a page of trouble there is no menu.
            if (address && (content().querySelector(".trouble") || !fresh.querySelector(LIVE))) {
              location.assign(address);
              return true;
            }
            content().replaceChildren(...fresh.childNodes);
            document.querySelector("header").replaceWith(page.querySelector("header"));
            kept.greet();
            document.title = page.title;
            if (address) history.replaceState(null, "", address);
            const told = [...content().querySelectorAll("[role=status]")];
            say(told.map((notice) => notice.textContent).join(" "));
            if (isOwn) {
              const place = content().querySelector("[aria-invalid]")
                || content().querySelector("[role=alert], [role=status]") || content();
              if (!place.matches("input")) place.tabIndex = -1;
              place.focus();
            }
            poll();
            return true;
          };

          const ask = async (address, options) => {
            const signal = AbortSignal.timeout ? AbortSignal.timeout(PATIENCE) : undefined;
            const answer = await fetch(address, { ...options, headers: { Accept: "text/html" }, signal });
            return { answer, html: await answer.text() };
          };

          const pause = (seconds) => new Promise((resolve) => {
            const timer = setTimeout(resolve, seconds * 1000 * (1 + Math.random() / 2));
            wake = () => { clearTimeout(timer); resolve(); };
          }).then(() => { wake = null; });

          // Under the same key: whatever is lost, it is taken once.
          const send = async (form, submitter) => {
            const body = new URLSearchParams(new FormData(form));
            if (submitter && submitter.name) body.set(submitter.name, submitter.value);
            const fields = typed(document).filter((field) => field.form === form);
            const names = fields.map(kept.name);
            const hold = (isHeld) => {
              busy = isHeld;
              form.setAttribute("aria-busy", isHeld);
              fields.forEach((field) => { field.readOnly = isHeld; });
            };
            polls = 0;
            hold(true);
            show(form, "failed", false);
            for (let turn = 0; turn < TRIES;) {
              let seconds = Math.min(15, 2 ** turn);
              try {
                const { answer, html } = await ask(form.getAttribute("action"), { method: "POST", body });
                if (answer.status !== 503 && answer.status !== 429) {
                  busy = false;
                  if (!swap(html, answer.redirected ? answer.url : null, true)) break;
                  // What was taken is gone from its field; a page without fields took nothing.
                  if (!content().querySelector(LIVE)) return;
                  kept.run((store) => names.forEach((name) => store.removeItem(name)));
                  typed(content()).forEach((field) => {
                    if (names.includes(kept.name(field))) kept.note(field);
                    else kept.restore(field);
                  });
                  return;
                }
                seconds = Math.min(30, Number(answer.headers.get("Retry-After")) || seconds);
              } catch (error) {
                if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
              }
              show(form, "away", true);
              // Without a connection it waits until one is back.
              if (navigator.onLine !== false) turn += 1;
              if (turn < TRIES) await pause(seconds);
            }
            hold(false);
            show(form, "away", false);
            show(form, "failed", true);
          };

          // Goes out again by itself unless that is stopped.
          const again = (form) => {
            const count = form.querySelector("[data-counting]");
            const shown = count.querySelector("[data-seconds]");
            const timer = setInterval(() => {
              shown.textContent = Number(shown.textContent) - 1;
              if (Number(shown.textContent) > 0) return;
              stop();
              if (form.isConnected && !busy) send(form, null);
            }, 1000);
            const stop = () => {
              clearInterval(timer);
              count.hidden = true;
            };
            count.hidden = false;
            say(count.querySelector("p").textContent);
            count.querySelector("[data-stop]").addEventListener("click", () => {
              stop();
              form.querySelector("button.main").focus();
            });
            form.addEventListener("submit", stop);
          };

          // Asks again what is not decided, while nobody types.
          const poll = () => {
            const link = content() && content().querySelector("a[data-poll]");
            if (!link || polls >= POLLS) return;
            polls += 1;
            setTimeout(async () => {
              const isFree = () => link.isConnected && !busy && typed(content()).every((field) => !field.value);
              if (!isFree()) return;
              try {
                const { answer, html } = await ask(link.getAttribute("href"));
                if (answer.ok && isFree()) return void swap(html, answer.url, false);
              } catch (error) {
                if (!(error instanceof TypeError || error instanceof DOMException)) throw error;
              }
              poll();
            }, POLL);
          };

          document.addEventListener("submit", (event) => {
            const form = event.target;
            if (!form.matches(LIVE)) {
              if (/\/sign-out$/.test(form.getAttribute("action"))) kept.forget();
              return;
            }
            event.preventDefault();
            if (!busy) send(form, event.submitter);
            else if (wake) wake();
          });
          document.addEventListener("input", (event) => {
            if (!event.target.matches(TYPED)) return;
            kept.note(event.target);
            check(event.target, false);
          });
          document.addEventListener("change", (event) => {
            if (event.target.matches(TYPED)) settle(event.target);
          });
          for (const type of ["down", "up", "cancel"]) {
            addEventListener("pointer" + type, () => { isDown = type === "down"; }, true);
          }
          // The number pad's "next" is the next meter.
          document.addEventListener("keydown", (event) => {
            const field = event.target;
            if (event.key !== "Enter" || !field.matches(TYPED) || field.enterKeyHint !== "next") return;
            const all = typed(document).filter((other) => other.form === field.form);
            event.preventDefault();
            all[all.indexOf(field) + 1].focus();
          });
          addEventListener("online", () => { if (wake) wake(); });

          kept.greet();
          typed(document).forEach(kept.restore);
          document.querySelectorAll("form[data-again]").forEach(again);
          poll();
        })();
        """#
}
