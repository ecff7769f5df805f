//! x - n * pi / 2, for any x.

use std::f64::consts::FRAC_2_PI;

use super::words::{high, power_of_two, with_high};

/// pi / 2 in parts of 33 bits, and what each sum of parts lacks.
const PIO2_1: f64 = 1.5707963267341256;
const PIO2_1_REST: f64 = 6.077100506506192e-11;
const PIO2_2: f64 = 6.077100506303966e-11;
const PIO2_2_REST: f64 = 2.0222662487959506e-21;
const PIO2_3: f64 = 2.0222662487111665e-21;
const PIO2_3_REST: f64 = 8.4784276603689e-32;

/// High words of pi / 2, 2 * pi / 2, … 32 * pi / 2.
const MULTIPLES: [i32; 32] = [
    0x3ff921fb, 0x400921fb, 0x4012d97c, 0x401921fb, 0x401f6a7a, 0x4022d97c, 0x4025fdbb, 0x402921fb,
    0x402c463a, 0x402f6a7a, 0x4031475c, 0x4032d97c, 0x40346b9c, 0x4035fdbb, 0x40378fdb, 0x403921fb,
    0x403ab41b, 0x403c463a, 0x403dd85a, 0x403f6a7a, 0x40407e4c, 0x4041475c, 0x4042106c, 0x4042d97c,
    0x4043a28c, 0x40446b9c, 0x404534ac, 0x4045fdbb, 0x4046c6cb, 0x40478fdb, 0x404858eb, 0x404921fb,
];

/// For finite x with |x| above pi / 4: n modulo 8 or n itself, and y + tail = x - n * pi / 2.
pub(super) fn rem_pio2(x: f64) -> (i32, f64, f64) {
    let word = high(x);
    let magnitude = word & 0x7fff_ffff;
    if magnitude < 0x4002_d97c {
        // |x| < 3/4 pi: n is 1 or -1
        let (n, sign) = if word > 0 { (1, 1.0) } else { (-1, -1.0) };
        let mut z = x - sign * PIO2_1;
        let mut rest = sign * PIO2_1_REST;
        if magnitude == 0x3ff9_21fb {
            // Near pi / 2, 33 bits more.
            z -= sign * PIO2_2;
            rest = sign * PIO2_2_REST;
        }
        let y = z - rest;
        return (n, y, (z - y) - rest);
    }
    let (n, y, tail) = if magnitude <= 0x4139_21fb {
        // |x| <= 2^19 * pi / 2
        medium(x.abs(), magnitude)
    } else {
        large(x.abs())
    };
    if word < 0 { (-n, -y, -tail) } else { (n, y, tail) }
}

/// Cody and Waite's reduction with up to three rounds, as many as the cancellation asks for.
fn medium(x: f64, magnitude: i32) -> (i32, f64, f64) {
    let n = (x * FRAC_2_PI + 0.5) as i32;
    let nf = f64::from(n);
    let mut r = x - nf * PIO2_1;
    let mut w = nf * PIO2_1_REST;
    let mut y = r - w;
    let is_far = n < 32 && magnitude != MULTIPLES[n as usize - 1];
    // How many bits the difference lost.
    let lost = |y: f64| (magnitude >> 20) - ((high(y) >> 20) & 0x7ff);
    if !is_far && lost(y) > 16 {
        let t = r;
        w = nf * PIO2_2;
        r = t - w;
        w = nf * PIO2_2_REST - ((t - r) - w);
        y = r - w;
        if lost(y) > 49 {
            let t = r;
            w = nf * PIO2_3;
            r = t - w;
            w = nf * PIO2_3_REST - ((t - r) - w);
            y = r - w;
        }
    }
    (n, y, (r - y) - w)
}

/// x in three parts of 24 bits, for [`payne_hanek`].
fn large(x: f64) -> (i32, f64, f64) {
    let word = high(x);
    // z = x / 2^e0 is from 2^23 to 2^24.
    let e0 = (word >> 20) - 1046;
    let mut z = with_high(x, word - (e0 << 20));
    let mut parts = [0.0; 3];
    for part in &mut parts[..2] {
        *part = f64::from(z as i32);
        z = (z - *part) * power_of_two(24);
    }
    parts[2] = z;
    let count = 3 - parts.iter().rev().take_while(|part| **part == 0.0).count();
    payne_hanek(&parts[..count], e0)
}

/// 2 / pi in parts of 24 bits.
const TWO_OVER_PI: [i32; 66] = [
    0xa2f983, 0x6e4e44, 0x1529fc, 0x2757d1, 0xf534dd, 0xc0db62, 0x95993c, 0x439041, 0xfe5163, 0xabdebb,
    0xc561b7, 0x246e3a, 0x424dd2, 0xe00649, 0x2eea09, 0xd1921c, 0xfe1deb, 0x1cb129, 0xa73ee8, 0x8235f5,
    0x2ebb44, 0x84e99c, 0x7026b4, 0x5f7e41, 0x3991d6, 0x398353, 0x39f49c, 0x845f8b, 0xbdf928, 0x3b1ff8,
    0x97ffde, 0x05980f, 0xef2f11, 0x8b5a0a, 0x6d1f6d, 0x367ecf, 0x27cb09, 0xb74f46, 0x3f669e, 0x5fea2d,
    0x7527ba, 0xc7ebe5, 0xf17b3d, 0x0739f7, 0x8a5292, 0xea6bfb, 0x5fb11f, 0x8d5d08, 0x560330, 0x46fc7b,
    0x6babf0, 0xcfbc20, 0x9af436, 0x1da9e3, 0x91615e, 0xe61b08, 0x659985, 0x5f14a0, 0x68408d, 0xffd880,
    0x4d7327, 0x310606, 0x1556ca, 0x73a8c9, 0x60e27b, 0xc08c6b,
];

/// pi / 2 in parts of 24 bits.
const PIO2: [f64; 5] = [
    1.570796251296997,
    7.549789415861596e-08,
    5.390302529957765e-15,
    3.282003415807913e-22,
    1.270655753080676e-29,
];

/// fdlibm's `__kernel_rem_pio2` at its precision of 64 bits: the product of x and 2 / pi without the parts of it that are
/// multiples of 8. `x` is the sum of `parts[i] * 2^(e0 - 24 i)`; the last part is not 0.
fn payne_hanek(parts: &[f64], e0: i32) -> (i32, f64, f64) {
    /// One less than the number of parts of 2 / pi that are tried first.
    const FIRST: usize = 4;

    let last = parts.len() - 1;
    // The first part of 2 / pi that matters, and the exponent of the product's first part.
    let from = ((e0 - 3) / 24).max(0) as usize;
    let mut q0 = e0 - 24 * (from as i32 + 1);

    // f[i] is part from - last + i of 2 / pi; 0 before the first.
    let mut f = [0.0; 20];
    for (i, f) in f.iter_mut().enumerate().take(last + FIRST + 1) {
        *f = (from + i).checked_sub(last).map_or(0.0, |part| f64::from(TWO_OVER_PI[part]));
    }
    // q[i]: a part of the product, before carries.
    let product =
        |f: &[f64; 20], i: usize| parts.iter().enumerate().fold(0.0, |sum, (j, x)| sum + x * f[last + i - j]);
    let mut q = [0.0; 20];
    for (i, q) in q.iter_mut().enumerate().take(FIRST + 1) {
        *q = product(&f, i);
    }

    let mut iq = [0_i32; 20];
    let mut used = FIRST;
    let (mut n, mut half, mut z);
    loop {
        // The parts as integers of 24 bits, the last one first.
        z = q[used];
        for (i, j) in (1..=used).rev().enumerate() {
            let carry = f64::from((power_of_two(-24) * z) as i32);
            iq[i] = (z - power_of_two(24) * carry) as i32;
            z = q[j - 1] + carry;
        }

        z *= power_of_two(q0);
        z -= 8.0 * (z * 0.125).floor();
        n = z as i32;
        z -= f64::from(n);
        // Positive if the fraction is 1/2 or more, which makes the remainder negative.
        half = 0;
        if q0 > 0 {
            let i = iq[used - 1] >> (24 - q0);
            n += i;
            iq[used - 1] -= i << (24 - q0);
            half = iq[used - 1] >> (23 - q0);
        } else if q0 == 0 {
            half = iq[used - 1] >> 23;
        } else if z >= 0.5 {
            half = 2;
        }

        if half > 0 {
            n += 1;
            // 1 - q
            let mut carry = false;
            for part in &mut iq[..used] {
                if carry {
                    *part = 0xff_ffff - *part;
                } else if *part != 0 {
                    carry = true;
                    *part = 0x100_0000 - *part;
                }
            }
            match q0 {
                1 => iq[used - 1] &= 0x7f_ffff,
                2 => iq[used - 1] &= 0x3f_ffff,
                _ => {}
            }
            if half == 2 {
                z = 1.0 - z;
                if carry {
                    z -= power_of_two(q0);
                }
            }
        }

        // If all bits cancelled, again with more of 2 / pi.
        if z != 0.0 || iq[FIRST..used].iter().any(|part| *part != 0) {
            break;
        }
        let more = (1..=FIRST).take_while(|k| iq[FIRST - k] == 0).count() + 1;
        for i in used + 1..=used + more {
            f[last + i] = f64::from(TWO_OVER_PI[from + i]);
            q[i] = product(&f, i);
        }
        used += more;
    }

    if z == 0.0 {
        used -= 1;
        q0 -= 24;
        while iq[used] == 0 {
            used -= 1;
            q0 -= 24;
        }
    } else {
        z *= power_of_two(-q0);
        if z >= power_of_two(24) {
            let carry = f64::from((power_of_two(-24) * z) as i32);
            iq[used] = (z - power_of_two(24) * carry) as i32;
            used += 1;
            q0 += 24;
            iq[used] = carry as i32;
        } else {
            iq[used] = z as i32;
        }
    }

    // Back to doubles, times pi / 2, and summed from the smallest term on.
    let mut unit = power_of_two(q0);
    for i in (0..=used).rev() {
        q[i] = unit * f64::from(iq[i]);
        unit *= power_of_two(-24);
    }
    let mut terms = [0.0; 20];
    for i in (0..=used).rev() {
        terms[used - i] = PIO2.iter().zip(&q[i..=used]).fold(0.0, |sum, (pio2, q)| sum + pio2 * q);
    }
    let y = terms[..=used].iter().rev().fold(0.0, |sum, term| sum + term);
    let tail = terms[1..=used].iter().fold(terms[0] - y, |sum, term| sum + term);
    if half == 0 { (n & 7, y, tail) } else { (n & 7, -y, -tail) }
}
