//! Arrays of objects in `data`: `stars`, of which each has numbers, a boolean, an object, a row and a list of its own.

use super::{is, refused, value, words};
use crate::lower::Parameters;

#[test]
fn properties_of_an_object_of_a_list() {
    is("i => stars[i].m", 4.0);
    is("i => stars[0].p.x + stars[i].ks[1] + stars[i].ks.length", 12.6);
    is("(i, { stars }) => { const { m, p: { x }, ks: [a, b] } = stars[1]; return m + x + a * b }", 22.12);
    is("(i, d) => { const star = d.stars[i]; return star.on ? star.m : -1 }", 4.0);
    is("i => stars[0].on === false ? 1 : 0", 1.0);
    is("i => stars[1].moons[i - 1].d", 22.0);
    is("i => cells[1][0].v * 10 + cells[0].length", 32.0);
    is("i => { const row = cells[i - 1]; return row[1].v }", 4.0);
    is("i => { const { z = 7 } = stars[0]; return z }", 7.0);
    is("i => stars[i].z ?? 3", 3.0);
    is("i => stars[i][7] + stars[0]['7']", 3.0);
}

#[test]
fn walking_along_a_list() {
    is(
        "i => { let s = 0; for (let k = 0; k < stars.length; k++) s += stars[k].m * stars[k].p.x; return s }",
        170.0,
    );
    is("i => { let s = 0; for (const star of stars) s += star.m; return s }", 7.0);
    is(
        "i => { let s = 0; for (const { m, moons } of stars) for (const { d } of moons) s += m * d; return s }",
        361.0,
    );
    is(
        "i => { let s = 0; for (const row of cells) for (const { v } of row) s = s * 10 + v; return s }",
        1234.0,
    );
    is("i => { const weight = ({ m, p }) => m * p.x; return weight(stars[0]) + weight(stars[i]) }", 130.0);
}

#[test]
fn a_variable_may_get_another_object_of_the_list() {
    is(
        "i => { let best = stars[0]; for (const star of stars) if (star.m > best.m) best = star; return best.p.x }",
        30.0,
    );
    is("i => { const star = i > 1 ? stars[1] : stars[0]; return star.p.x }", 20.0);
    is("i => { const first = f => f(stars[0]); return first(star => star.m) }", 1.0);
    is("i => { const [a, b, c, d] = stars; return a.m + b.m * 10 + (d === undefined ? 100 : 0) }", 121.0);
}

#[test]
fn nothing_is_read_of_an_empty_array() {
    is("i => { let s = i; for (const { x, p: { y } } of none) s += x + y; return s }", 2.0);
    is("i => { let s = i; for (const [x, y] of none) s += x + y; return s }", 2.0);
    is(
        "i => { let s = i; for (let k = 0; k < none.length; k++) s += none[k].x * none[k].ks[1]; return s }",
        2.0,
    );
    is("i => none[i] === undefined ? 1 : 0", 1.0);
}

#[test]
fn an_object_that_there_is_not_stops_the_loop() {
    for source in ["i => stars[i + 1].m", "i => stars[i - 5].m", "i => stars[i / 4].m", "i => cells[0][i].v"]
    {
        let stopped = std::panic::catch_unwind(|| value(source, 2.0)).unwrap_err();
        let message = stopped.downcast_ref::<String>().unwrap();
        assert!(message.contains("NoSuchRow"), "{source}: {message}");
    }
}

#[test]
fn what_is_no_number_there_is_refused_where_it_is_used() {
    refused("i => stars[0].name", &["BadData"]);
    refused("i => stars[0] + 1", &["NotANumber"]);
    refused("i => stars + 1", &["NotANumber"]);
    refused("i => { stars[0].m = 1; return 1 }", &["PropertyAssigned"]);
    refused("i => { stars[0] = 1; return 1 }", &["ReadOnly"]);
    refused("i => stars[0][i]", &["ComputedKey"]);
    refused("i => stars[0] === stars[1]", &["NotANumber"]);
    refused("i => stars[0].constructor", &["UnknownProperty"]);
    let (what, remedy) = words("i => stars[0].mass * 2", Parameters::Indices(1));
    assert_eq!(what, "the objects in `stars` in `data` have no `mass`");
    assert_eq!(remedy, "give each of them a `mass`");
    let (what, _) = words("i => stars.m[0]", Parameters::Indices(1));
    assert_eq!(what, "a body cannot use `m` of arrays");
}
