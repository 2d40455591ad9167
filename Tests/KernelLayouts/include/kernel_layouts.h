// The tables `avx2-wide` and `avx2-narrow`. A program that is linked with this module has them:
// `rso_kernels_at` of CRSOKernels then lists them. So tests compare the layouts of AVX-512 and NEON on any
// processor with AVX2, and the program stays small.
