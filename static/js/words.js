// An amount typed in 万元, spelled as people read it. Only a preview: the server spells it again before anything is kept.

const DIGITS = "零一二三四五六七八九";
const PLACES = ["", "十", "百", "千"];
const UNITS = ["", "万", "亿", "万亿"];

/** Four digits in words: 1050 → "一千零五十". */
function fourDigits(number) {
  let spoken = "";
  let gap = false;
  for (let place = 3; place >= 0; place -= 1) {
    const digit = Math.floor(number / 10 ** place) % 10;
    if (digit === 0) {
      gap = spoken !== "";
      continue;
    }
    spoken += (gap ? "零" : "") + DIGITS[digit] + PLACES[place];
    gap = false;
  }
  return spoken;
}

/** Whole yuan (a BigInt) in words, as the server says them: 30000000n → "三千万元整". */
export function yuanInWords(yuan) {
  if (yuan === 0n) return "零元整";
  const groups = [];
  for (let rest = yuan; rest > 0n; rest /= 10000n) groups.push(Number(rest % 10000n));
  let spoken = "";
  for (let place = groups.length - 1; place >= 0; place -= 1) {
    const group = groups[place];
    if (group === 0) continue;
    if (spoken && group < 1000) spoken += "零";
    spoken += fourDigits(group) + UNITS[place];
  }
  // Of 万亿 and 亿 in one number only the last is spoken whole: 三万零二亿.
  return `${spoken.replace(/^一十/, "十").replace(/万亿(?=.*亿)/, "万")}元整`;
}

/** The whole yuan of a plain number of 万元, or null when it is not one. */
export function yuanOfWan(text) {
  const plain = text.trim().replace(/[,，]/g, "");
  const found = /^(\d{1,11})(?:\.(\d{0,4}))?$/.exec(plain);
  if (!found) return null;
  return BigInt(found[1]) * 10000n + BigInt((found[2] || "").padEnd(4, "0"));
}

/** A BigInt of yuan in a larger unit, rounded half up to the places given. */
export function inUnit(yuan, unit, places) {
  const scale = 10n ** BigInt(places);
  const rounded = (yuan * scale * 2n + unit) / (unit * 2n);
  const whole = (rounded / scale).toLocaleString("en-US");
  return places ? `${whole}.${String(rounded % scale).padStart(places, "0")}` : whole;
}

/** One amount in its three readings. */
export function threeReadings(yuan) {
  const wan = inUnit(yuan, 10000n, yuan % 10000n === 0n ? 0 : 2);
  return `${wan} 万元 = ${inUnit(yuan, 100000000n, 2)} 亿元 = ${yuan.toLocaleString("en-US")} 元`;
}
