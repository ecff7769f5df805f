//! Tests of what the jobs have in common.

mod blocks;
mod limits;
