//! Rebuilds the crate when a migration appears: `embed_migrations!` does not notice a new folder by itself.
fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
