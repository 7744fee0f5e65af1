//! The tree of a variable: its leaves, what they are summed to, and the total above all.

use std::collections::HashMap;

use serde::Deserialize;

/// The label of the node above all others.
pub const TOTAL: &str = "Total";

/// A variable as a description states it.
#[derive(Deserialize)]
pub struct Described {
    leaf: Vec<String>,
    /// For each leaf the nodes above it, coarsest first, without the total.
    #[serde(default)]
    parents: HashMap<String, Vec<String>>,
}

/// Nodes by number: the total is 0, and a node comes before those it is the sum of.
pub struct Tree {
    labels: Vec<String>,
    numbers: HashMap<String, usize>,
    children: Vec<Vec<usize>>,
    /// Each node with all that is above it, the total last.
    paths: Vec<Vec<usize>>,
}

impl Tree {
    /// # Errors
    /// When the leaves are no tree: what is wrong, without a label.
    pub fn new(described: &Described) -> Result<Self, &'static str> {
        let mut tree = Self {
            labels: vec![TOTAL.to_owned()],
            numbers: HashMap::from([(TOTAL.to_owned(), 0)]),
            children: vec![Vec::new()],
            paths: vec![vec![0]],
        };
        let mut leaves = Vec::with_capacity(described.leaf.len());
        for leaf in &described.leaf {
            let mut above = 0;
            for parent in described.parents.get(leaf).into_iter().flatten() {
                above = tree.node(parent, above)?;
            }
            if tree.numbers.contains_key(leaf) {
                return Err("a leaf stands twice, or above other leaves");
            }
            leaves.push(tree.node(leaf, above)?);
        }
        if leaves.is_empty() {
            return Err("it has no leaves");
        }
        if leaves.iter().any(|leaf| !tree.children(*leaf).is_empty()) {
            return Err("a leaf stands above other leaves");
        }
        Ok(tree)
    }

    /// The node of that label just below another, new or known.
    fn node(&mut self, label: &str, above: usize) -> Result<usize, &'static str> {
        if let Some(known) = self.numbers.get(label).copied() {
            let is_there = self.path(known).get(1) == Some(&above);
            return if is_there { Ok(known) } else { Err("a node stands in two places of the tree") };
        }
        let node = self.labels.len();
        let path: Vec<usize> = std::iter::once(node).chain(self.path(above).iter().copied()).collect();
        self.labels.push(label.to_owned());
        self.numbers.insert(label.to_owned(), node);
        self.children.push(Vec::new());
        self.paths.push(path);
        if let Some(children) = self.children.get_mut(above) {
            children.push(node);
        }
        Ok(node)
    }

    /// How many nodes there are.
    pub fn size(&self) -> usize {
        self.labels.len()
    }

    pub fn label(&self, node: usize) -> &str {
        self.labels.get(node).map(String::as_str).unwrap_or_default()
    }

    /// The leaf of that label.
    pub fn leaf(&self, label: &str) -> Option<usize> {
        self.numbers.get(label).copied().filter(|node| self.children(*node).is_empty())
    }

    /// What a node is the sum of; nothing for a leaf.
    pub fn children(&self, node: usize) -> &[usize] {
        self.children.get(node).map(Vec::as_slice).unwrap_or_default()
    }

    /// A node with all that is above it, the total last.
    pub fn path(&self, node: usize) -> &[usize] {
        self.paths.get(node).map(Vec::as_slice).unwrap_or_default()
    }
}
