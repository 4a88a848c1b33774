// The exam cameras in a consult: what is examined, as the cart says, and which picture is large.

import { FROZEN_AFTER_MS } from "../call/freeze-watch";
import type { CartOnChannel, Examined } from "../hub-api";
import type { Step } from "./input";
import type { Consult, Exam } from "./model";

/** Shown where the cart says that it is: the nurse chooses too, and the last word counts. */
export function examine(consult: Consult, examined: Examined | null): Step<Consult> {
  const { exam, ended } = consult;
  if (ended !== null || exam === null) return [consult, []];
  return [{ ...consult, exam: { ...exam, asked: examined, confirmed: false } }, [{ type: "examine", examined }]];
}

/** A new connection knows nothing of what was asked for on an older one. */
export function askAgain(consult: Consult): Step<Consult> {
  const asked = consult.exam?.asked ?? null;
  return asked === null ? [consult, []] : examine(consult, asked);
}

export function hear(consult: Consult, message: CartOnChannel & { type: "examining" }): Step<Consult> {
  const { cameras, examined, works } = message;
  const before = consult.exam ?? NOTHING;
  const told = { ...believed(before, examined), cameras, examined, works };
  // The other side is told while the same camera's picture goes on.
  if (examined?.with === before.examined?.with) return [{ ...consult, exam: told }, []];
  // What stands on the screen is another camera's: it waits for a frame of its own.
  const exam: Exam = { ...told, picture: { is: "awaited" }, age: null, roomLarge: false };
  return [{ ...consult, exam }, [{ type: "await_exam" }]];
}

export function picture(consult: Consult, is: Exam["picture"]["is"], now: number): Consult {
  const { exam } = consult;
  if (exam === null || exam.examined === null) return consult;
  if (is !== "frozen") return { ...consult, exam: { ...exam, picture: { is } } };
  if (exam.picture.is !== "live") return consult;
  const since = now - FROZEN_AFTER_MS - (exam.age ?? 0);
  return { ...consult, exam: { ...exam, picture: { is, since }, age: null } };
}

export function age(consult: Consult, told: number | null): Consult {
  const { exam } = consult;
  return exam === null ? consult : { ...consult, exam: { ...exam, age: exam.picture.is === "live" ? told : null } };
}

export function swap(consult: Consult): Consult {
  const { exam } = consult;
  return exam === null || exam.examined === null ? consult : { ...consult, exam: { ...exam, roomLarge: !exam.roomLarge } };
}

/** Through which camera the large picture comes; `null`: it is the room's. */
export function large({ exam }: Consult): Examined | null {
  return exam === null || exam.roomLarge ? null : exam.examined;
}

/** Once the cart did as it was asked, another word is the nurse's, and later than the physician's. */
function believed(exam: Exam, examined: Examined | null): Exam {
  if (exam.asked === null) return exam;
  if (isSame(exam.asked, examined)) return { ...exam, confirmed: true };
  return exam.confirmed ? { ...exam, asked: examined } : exam;
}

function isSame(one: Examined | null, other: Examined | null): boolean {
  return one?.with === other?.with && one?.side === other?.side;
}

const NOTHING: Exam = {
  cameras: [],
  examined: null,
  works: false,
  asked: null,
  confirmed: false,
  picture: { is: "awaited" },
  age: null,
  roomLarge: false,
};
