//! A bounded picture of the result files of a tree.

/// A result file, as far as a proposal is about it.
#[derive(Debug, Clone)]
pub struct Seen {
    /// Its path below the tree.
    pub path: String,
    /// The host that it names.
    pub host: Option<String>,
    /// Whether it says when its runs started.
    pub dated: bool,
}

/// Every file of a small tree; of a large one every second, every fourth and so on, so that all of it is seen and memory is bounded.
#[derive(Debug)]
pub struct Sample {
    files: Vec<Seen>,
    limit: usize,
    stride: usize,
    met: usize,
}

impl Sample {
    /// An empty sample that will hold at most `limit` files, at least two.
    pub fn new(limit: usize) -> Self {
        Self { files: Vec::new(), limit: limit.max(2), stride: 1, met: 0 }
    }

    /// Meets the next file.
    pub fn meet(&mut self, file: Seen) {
        if self.met.is_multiple_of(self.stride) {
            self.files.push(file);
        }
        self.met += 1;
        if self.files.len() == self.limit {
            let mut number = 0;
            self.files.retain(|_| {
                number += 1;
                number % 2 == 1
            });
            self.stride *= 2;
        }
    }

    /// How many files were met.
    pub fn met(&self) -> usize {
        self.met
    }

    /// The files that were kept, in the order of the tree.
    pub fn files(&self) -> &[Seen] {
        &self.files
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_tree_is_seen_from_end_to_end() {
        let mut sample = Sample::new(8);
        for number in 0..100 {
            sample.meet(Seen { path: number.to_string(), host: None, dated: false });
        }
        let kept: Vec<&str> = sample.files().iter().map(|file| file.path.as_str()).collect();
        assert_eq!(kept, ["0", "16", "32", "48", "64", "80", "96"]);
        assert_eq!(sample.met(), 100);
    }
}
