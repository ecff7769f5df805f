//! What Intel's manual says of the vector instructions: their operands, and what they read or write in memory.

/// Where the operands of an instruction are encoded.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Form {
    /// `vrm`: reg, vvvv, r/m
    Vrm,
    /// `vrmi`: reg, vvvv, r/m, imm8
    Vrmi,
    /// `vrmv`: reg, vvvv, r/m, is4
    Vrmv,
    /// `rm`: reg, r/m
    Rm,
    /// `rmi`: reg, r/m, imm8
    Rmi,
    /// `mr`: memory, reg
    Mr,
    /// `mri`: r/m, reg, imm8
    Mri,
}

pub(super) struct Row {
    /// As `Vex` calls them.
    pub(super) names: &'static str,
    pub(super) form: Form,
    /// The operands but immediates, in the order of the manual: `v` is a register of the instruction's length, `x` always `xmm`,
    /// and either may be memory where that is the r/m operand; `m` is memory alone.
    pub(super) operands: &'static str,
    /// The size of the memory operand in bytes with 128 bits and with 256; 0 where the processor knows no such instruction.
    pub(super) bytes: [usize; 2],
}

const fn row(names: &'static str, form: Form, operands: &'static str, bytes: [usize; 2]) -> Row {
    Row { names, form, operands, bytes }
}

#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    row("VADDPD VSUBPD VMULPD VDIVPD VMINPD VMAXPD VANDPD VANDNPD VORPD VXORPD VFNMADD213PD", Form::Vrm, "vvv", [16, 32]),
    row("VPADDD VPSUBD VPMULLD VPAND VPANDN VPOR VPXOR VPCMPEQD VPCMPGTD VPCMPEQQ VPMAXUD VPMINUD VPMINSD VPMAXSD VPADDQ VPSUBQ VPMULUDQ", Form::Vrm, "vvv", [16, 32]),
    row("VPSLLVD VPSRLVD VPSRAVD VPSLLVQ VPSRLVQ VPACKSSDW VPSHUFB VUNPCKLPS VUNPCKHPS", Form::Vrm, "vvv", [16, 32]),
    row("VCVTSS2SD", Form::Vrm, "xxx", [4, 4]),
    row("VMOVHPD", Form::Vrm, "xxm", [8, 0]),
    row("VCMPPD VSHUFPS VPBLENDW", Form::Vrmi, "vvv", [16, 32]),
    row("VINSERTF128", Form::Vrmi, "vvx", [0, 16]),
    row("VPINSRB", Form::Vrmi, "xxm", [1, 0]),
    row("VPINSRW", Form::Vrmi, "xxm", [2, 0]),
    row("VPINSRD", Form::Vrmi, "xxm", [4, 0]),
    row("VINSERTPS", Form::Vrmi, "xxx", [4, 0]),
    row("VBLENDVPD VBLENDVPS", Form::Vrmv, "vvvv", [16, 32]),
    row("VMOVUPD VSQRTPD VTESTPD VPTEST", Form::Rm, "vv", [16, 32]),
    row("VCVTTPD2DQ VCVTPD2DQ VCVTPD2PS", Form::Rm, "xv", [16, 32]),
    row("VCVTDQ2PD VCVTPS2PD VCVTPH2PS VPMOVSXWD VPMOVZXWD VPMOVSXDQ VPMOVZXDQ", Form::Rm, "vx", [8, 16]),
    row("VPMOVSXBD VPMOVZXBD", Form::Rm, "vx", [4, 8]),
    row("VBROADCASTSD", Form::Rm, "vx", [0, 8]),
    row("VPBROADCASTD", Form::Rm, "vx", [4, 4]),
    row("VMOVSD", Form::Rm, "xm", [8, 8]),
    row("VMOVSS", Form::Rm, "xm", [4, 4]),
    row("VMOVD", Form::Rm, "xm", [4, 0]),
    row("VROUNDPD VPSHUFD", Form::Rmi, "vv", [16, 32]),
    row("VPERMQ", Form::Rmi, "vv", [0, 32]),
    row("VMOVUPD_STORE", Form::Mr, "mv", [16, 32]),
    row("VMOVSD_STORE", Form::Mr, "mx", [8, 8]),
    row("VMOVSS_STORE", Form::Mr, "mx", [4, 4]),
    row("VMOVD_STORE", Form::Mr, "mx", [4, 0]),
    row("VMOVQ_STORE", Form::Mr, "mx", [8, 0]),
    row("VEXTRACTF128", Form::Mri, "xv", [0, 16]),
    row("VCVTPS2PH", Form::Mri, "xv", [8, 16]),
];
