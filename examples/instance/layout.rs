//! The cells of published tables: each the full crossing of some variables, cells in common being one cell.
//!
//! A cell is one node of every variable, the total (node 0) where a table leaves the variable out. All nodes together are
//! one number, the cell's key, by which tables find the cells that they share.
//!
//! A numeric kernel: it indexes with the numbers that it handed out itself.
#![allow(clippy::indexing_slicing)]

use std::collections::HashMap;

use super::tree::Tree;

/// Cells of one table at most: a slip in a description must not fill the memory.
const MOST_CELLS: usize = 50_000_000;

/// The cells of all tables by number, in the order in which the tables first print them.
pub struct Layout {
    trees: Vec<Tree>,
    /// What the next node of each variable adds to a key.
    steps: Vec<u64>,
    /// The key of each cell.
    keys: Vec<u64>,
    tables: Vec<Table>,
}

struct Table {
    axes: Vec<Axis>,
    /// The cell at each position of the crossing.
    cells: Vec<u32>,
    /// Cells from this one on are in no earlier table.
    first: usize,
}

/// A variable of a table, and what its next node adds to a position.
struct Axis {
    variable: usize,
    nodes: usize,
    step: usize,
}

impl Layout {
    /// Tables as lists of variables, by their number.
    ///
    /// # Errors
    /// When there are more cells or combinations than can be numbered.
    pub fn new(trees: Vec<Tree>, tables: &[Vec<usize>]) -> Result<Self, &'static str> {
        let mut steps = Vec::with_capacity(trees.len());
        let mut combinations = 1_u64;
        for tree in &trees {
            steps.push(combinations);
            combinations = combinations
                .checked_mul(tree.size() as u64)
                .ok_or("the variables have too many combinations to number")?;
        }
        let mut layout = Self { trees, steps, keys: Vec::new(), tables: Vec::with_capacity(tables.len()) };
        let mut numbers = HashMap::new();
        for variables in tables {
            layout.publish(variables, &mut numbers)?;
        }
        Ok(layout)
    }

    fn publish(&mut self, variables: &[usize], numbers: &mut HashMap<u64, u32>) -> Result<(), &'static str> {
        let mut variables = variables.to_vec();
        variables.sort_unstable();
        variables.dedup();
        // The last variable changes fastest.
        let mut axes = Vec::with_capacity(variables.len());
        let mut size = 1_usize;
        for variable in variables.into_iter().rev() {
            let nodes = self.trees[variable].size();
            axes.push(Axis { variable, nodes, step: size });
            let larger = size.checked_mul(nodes).filter(|larger| *larger <= MOST_CELLS);
            size = larger.ok_or("a table has too many cells")?;
        }
        let mut keys = vec![0_u64];
        for axis in axes.iter().rev() {
            let step = self.steps[axis.variable];
            keys = keys
                .iter()
                .flat_map(|key| (0..axis.nodes as u64).map(move |node| key + node * step))
                .collect();
        }
        let first = self.keys.len();
        let mut cells = Vec::with_capacity(size);
        for key in keys {
            let next = u32::try_from(self.keys.len()).map_err(|_| "the tables have too many cells")?;
            let cell = *numbers.entry(key).or_insert(next);
            if cell == next {
                self.keys.push(key);
            }
            cells.push(cell);
        }
        self.tables.push(Table { axes, cells, first });
        Ok(())
    }

    /// How many cells there are.
    pub fn size(&self) -> usize {
        self.keys.len()
    }

    /// The leaf of a variable by its label.
    pub fn leaf(&self, variable: usize, label: &str) -> Option<usize> {
        self.trees[variable].leaf(label)
    }

    /// The nodes of a cell by their labels, one for every variable.
    pub fn labels(&self, cell: usize) -> impl Iterator<Item = &str> {
        let key = self.keys[cell];
        let node = move |tree: &Tree, step: u64| (key / step % tree.size() as u64) as usize;
        self.trees.iter().zip(&self.steps).map(move |(tree, step)| tree.label(node(tree, *step)))
    }

    /// Every cell that a record belongs to, once; of the record one leaf of every variable is known.
    pub fn each_cell_of(&self, leaves: &[usize], mut visit: impl FnMut(usize)) {
        for table in &self.tables {
            let mut positions = vec![0_usize];
            for axis in &table.axes {
                let path = self.trees[axis.variable].path(leaves[axis.variable]);
                positions = positions
                    .iter()
                    .flat_map(|position| path.iter().map(move |node| position + node * axis.step))
                    .collect();
            }
            // What an earlier table prints was visited there.
            let cells = positions.iter().map(|position| table.cells[*position] as usize);
            cells.filter(|cell| *cell >= table.first).for_each(&mut visit);
        }
    }

    /// Every equation once, as the cell and the cells that it is the sum of: for each table, variable of it and node with
    /// others below it.
    ///
    /// # Errors
    /// What `visit` says.
    pub fn each_equation<E>(&self, mut visit: impl FnMut(usize, &[usize]) -> Result<(), E>) -> Result<(), E> {
        let mut parts: Vec<usize> = Vec::new();
        for table in &self.tables {
            for axis in &table.axes {
                let tree = &self.trees[axis.variable];
                for (position, whole) in table.cells.iter().enumerate() {
                    let node = position / axis.step % axis.nodes;
                    let start = position - node * axis.step;
                    let below = tree.children(node).iter().map(|child| start + child * axis.step);
                    parts.clear();
                    parts.extend(below.map(|position| table.cells[position] as usize));
                    // The same tables print all parts of an equation: it is known where its first part is.
                    if parts.first().is_some_and(|part| *part >= table.first) {
                        visit(*whole as usize, &parts)?;
                    }
                }
            }
        }
        Ok(())
    }
}
