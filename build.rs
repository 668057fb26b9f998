//! Builds anew when a signature file is added or taken away; the compiler itself only sees changes of known ones.

fn main() {
    println!("cargo:rerun-if-changed=src/signature/catalogue");
}
