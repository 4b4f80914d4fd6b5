//! From arc and label scores to a dependency tree.
//!
//! The tree is the best one with exactly one root: a maximum spanning arborescence (Chu and Liu 1965, Edmonds 1967) in
//! the O(n²) form of Tarjan for dense graphs. Non-projective arcs, of which German has many, need no special care.

use crate::model::kernel::Matrix;
use lagebild_core::Dep;

/// Score taken off every arc from the root, so that the best tree has as few of them as possible: one, since any word
/// can stand below any other (Stanojević and Cohen 2021, *A root of a problem*).
const ROOT_COST: f32 = 4096.0;

/// The heads of the best tree with one root, words counted from 1, the root 0.
///
/// `scores` has a row a word and a column a head, the root first; further columns are not looked at.
#[must_use]
pub fn tree(scores: &Matrix) -> Vec<usize> {
    let words = scores.rows;
    let mut heads = Vec::with_capacity(words);
    for i in 0..words {
        let row = &scores.row(i)[..=words];
        let mut best = usize::from(i == 0 && words > 1);
        for (j, score) in row.iter().enumerate() {
            if j != i + 1 && *score > row[best] {
                best = j;
            }
        }
        heads.push(best);
    }
    // Most often the best heads, each for itself, are a tree already.
    if words > 0 && !is_tree(&heads) {
        heads = spanning(scores);
    }
    heads
}

/// Whether heads (words counted from 1) form a tree with exactly one root.
#[must_use]
pub fn is_tree(heads: &[usize]) -> bool {
    if heads.iter().filter(|&&h| h == 0).count() != 1 || heads.iter().any(|&h| h > heads.len()) {
        return false;
    }
    // 0: unseen, otherwise the walk that saw it; meeting the own walk is a cycle.
    let mut seen = vec![0; heads.len() + 1];
    for start in 1..=heads.len() {
        let mut at = start;
        while at != 0 && seen[at] == 0 {
            seen[at] = start;
            at = heads[at - 1];
        }
        if at != 0 && seen[at] == start {
            return false;
        }
    }
    true
}

/// Maximum spanning arborescence by path growing: follow best incoming arcs, contract each cycle met, stop at the root,
/// then open the contracted nodes from the outside in. Every contraction costs O(n) a member, so O(n²) in all.
fn spanning(scores: &Matrix) -> Vec<usize> {
    let n = scores.rows + 1;
    // Score of the best arc between two live nodes, and the words that it joins in truth.
    let mut score = vec![f32::NEG_INFINITY; n * n];
    let mut arc: Vec<(u32, u32)> = vec![(0, 0); n * n];
    for d in 1..n {
        for h in 0..n {
            if h != d {
                let value = scores.row(d - 1)[h];
                let value = if value.is_finite() { value } else { -ROOT_COST };
                score[h * n + d] = if h == 0 { value - ROOT_COST } else { value };
                arc[h * n + d] = (h as u32, d as u32);
            }
        }
    }
    // Matrix line `slot` serves the node `node[slot]`; a contraction reuses the line of its first member.
    let mut node: Vec<usize> = (0..n).collect();
    let mut parent: Vec<Option<usize>> = vec![None; n];
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); n];
    let mut entered: Vec<(u32, u32)> = vec![(0, 0); n];
    let mut live: Vec<usize> = (0..n).collect();
    let mut on_path = vec![false; n];
    let mut done = vec![false; n];
    done[0] = true;
    let mut path: Vec<(usize, f32)> = Vec::new();
    let mut next_start = 1;
    loop {
        let at = match path.last() {
            Some(&(slot, _)) => slot,
            None => {
                while next_start < n && (done[next_start] || !live.contains(&next_start)) {
                    next_start += 1;
                }
                if next_start == n {
                    break;
                }
                on_path[next_start] = true;
                path.push((next_start, 0.0));
                next_start
            }
        };
        let mut best = usize::MAX;
        for &h in &live {
            if h != at && (best == usize::MAX || score[h * n + at] > score[best * n + at]) {
                best = h;
            }
        }
        let weight = score[best * n + at];
        entered[node[at]] = arc[best * n + at];
        if let Some(last) = path.last_mut() {
            last.1 = weight;
        }
        if done[best] {
            for (slot, _) in path.drain(..) {
                on_path[slot] = false;
                done[slot] = true;
            }
        } else if on_path[best] {
            // The path from `best` to its end is a cycle: make it one node, in the line of `best`.
            let from = path.iter().position(|&(slot, _)| slot == best).unwrap_or(0);
            let cycle = path.split_off(from);
            let new = parent.len();
            parent.push(None);
            members.push(cycle.iter().map(|&(slot, _)| node[slot]).collect());
            entered.push((0, 0));
            for &(slot, _) in &cycle {
                parent[node[slot]] = Some(new);
                on_path[slot] = false;
            }
            let inside: Vec<bool> = {
                let mut inside = vec![false; n];
                cycle.iter().for_each(|&(slot, _)| inside[slot] = true);
                inside
            };
            for &other in live.iter().filter(|&&slot| !inside[slot]) {
                let (mut into, mut into_arc) = (f32::NEG_INFINITY, (0, 0));
                let (mut out, mut out_arc) = (f32::NEG_INFINITY, (0, 0));
                for &(slot, weight) in &cycle {
                    let gain = score[other * n + slot] - weight;
                    if gain > into {
                        (into, into_arc) = (gain, arc[other * n + slot]);
                    }
                    if score[slot * n + other] > out {
                        (out, out_arc) = (score[slot * n + other], arc[slot * n + other]);
                    }
                }
                (score[other * n + best], arc[other * n + best]) = (into, into_arc);
                (score[best * n + other], arc[best * n + other]) = (out, out_arc);
            }
            live.retain(|&slot| slot == best || !inside[slot]);
            node[best] = new;
            on_path[best] = true;
            path.push((best, 0.0));
        } else {
            on_path[best] = true;
            path.push((best, 0.0));
        }
    }
    // A contracted node keeps the arcs of its cycle, but for the member that its own arc enters.
    let mut heads = vec![0; n];
    for top in (0..parent.len()).rev() {
        if top == 0 {
            continue;
        }
        let (head, word) = entered[top];
        heads[word as usize] = head as usize;
        // Hand the arc down to the member that holds the word.
        if top >= n {
            let mut holder = word as usize;
            while parent[holder] != Some(top) {
                match parent[holder] {
                    Some(p) => holder = p,
                    None => break,
                }
            }
            entered[holder] = (head, word);
            debug_assert!(members[top].contains(&holder));
        }
    }
    heads.split_off(1)
}

/// Relations of which a predicate has one, of whichever kind.
const SINGLE: [&[Dep]; 2] = [&[Dep::Nsubj, Dep::NsubjPass, Dep::Csubj, Dep::CsubjPass], &[Dep::Obj]];

/// The relation of each word, given label scores under the final heads.
///
/// A predicate has one subject and one object: of two, the less likely takes its next best relation, as a dative does
/// that looks like a second object. `barred` tells which relations a word cannot have.
#[must_use]
pub fn relations(scores: &Matrix, heads: &[usize], mut barred: Vec<Vec<Dep>>) -> Vec<Dep> {
    let mut deps: Vec<Dep> = heads
        .iter()
        .enumerate()
        .map(|(i, &head)| best(scores.row(i), head, &barred[i]))
        .collect();
    // A word turned away as a subject may claim to be the object, so the objects come last; and once more the subjects.
    for group in [SINGLE[0], SINGLE[1], SINGLE[0]] {
        // The strongest claim on each head so far.
        let mut holder: Vec<Option<usize>> = vec![None; heads.len() + 1];
        for i in 0..heads.len() {
            if !group.contains(&deps[i]) {
                continue;
            }
            let Some(rival) = holder[heads[i]].replace(i) else {
                continue;
            };
            let claim = |word: usize| margin(scores.row(word), deps[word], heads[word], group);
            let (weaker, stronger) = if claim(rival) < claim(i) {
                (rival, i)
            } else {
                (i, rival)
            };
            holder[heads[i]] = Some(stronger);
            barred[weaker].extend(group);
            deps[weaker] = best(scores.row(weaker), heads[weaker], &barred[weaker]);
        }
    }
    settle_voice(scores, heads, &mut deps);
    deps
}

/// Makes subject and auxiliaries of a predicate agree on its voice: `nsubj:pass` stands beside `aux:pass` and only
/// there, unless there is no auxiliary at all (headlines: *Zwei Soldaten getötet*). The likelier voice wins.
fn settle_voice(scores: &Matrix, heads: &[usize], deps: &mut [Dep]) {
    for subject in 0..heads.len() {
        if !matches!(deps[subject], Dep::Nsubj | Dep::NsubjPass) {
            continue;
        }
        let auxiliaries: Vec<usize> = (0..heads.len())
            .filter(|&i| heads[i] == heads[subject] && matches!(deps[i], Dep::Aux | Dep::AuxPass))
            .collect();
        // What the passive gains over the active: at the subject, and at the auxiliary that favours it most.
        let gain = |word: usize, active: Dep, passive: Dep| {
            scores.row(word)[passive as usize] - scores.row(word)[active as usize]
        };
        let Some(&voiced) = auxiliaries
            .iter()
            .max_by(|&&a, &&b| gain(a, Dep::Aux, Dep::AuxPass).total_cmp(&gain(b, Dep::Aux, Dep::AuxPass)))
        else {
            continue;
        };
        let favour = gain(voiced, Dep::Aux, Dep::AuxPass) + gain(subject, Dep::Nsubj, Dep::NsubjPass);
        let passive = favour > 0.0;
        deps[subject] = if passive { Dep::NsubjPass } else { Dep::Nsubj };
        for auxiliary in auxiliaries {
            deps[auxiliary] = if passive && auxiliary == voiced {
                Dep::AuxPass
            } else {
                Dep::Aux
            };
        }
    }
}

/// By how much a relation beats the best one outside of `group`.
fn margin(scores: &[f32], dep: Dep, head: usize, group: &[Dep]) -> f32 {
    scores[dep as usize] - scores[best(scores, head, group) as usize]
}

/// The best relation that the head allows and that is not among `barred`.
fn best(scores: &[f32], head: usize, barred: &[Dep]) -> Dep {
    if head == 0 {
        return Dep::Root;
    }
    let mut best = Dep::Dep;
    for &dep in Dep::ALL {
        if dep != Dep::Root && !barred.contains(&dep) && scores[dep as usize] > scores[best as usize] {
            best = dep;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Every tree over `n` words with one root, by brute force.
    fn best_by_trying(scores: &Matrix) -> f32 {
        let n = scores.rows;
        let mut best = f32::NEG_INFINITY;
        let mut heads = vec![0; n];
        loop {
            if is_tree(&heads) {
                best = best.max(total(scores, &heads));
            }
            let mut i = 0;
            while i < n && heads[i] == n {
                heads[i] = 0;
                i += 1;
            }
            if i == n {
                return best;
            }
            heads[i] += 1;
        }
    }

    fn total(scores: &Matrix, heads: &[usize]) -> f32 {
        heads.iter().enumerate().map(|(i, &h)| scores.row(i)[h]).sum()
    }

    fn matrix(n: usize, values: &[f32]) -> Matrix {
        let mut scores = Matrix::zeros(n, n + 1);
        for (i, x) in scores.data.iter_mut().enumerate() {
            *x = values[i % values.len()];
        }
        for i in 0..n {
            scores.row_mut(i)[i + 1] = f32::NEG_INFINITY;
        }
        scores
    }

    proptest! {
        #[test]
        fn small_trees_are_the_best_ones(n in 1usize..6, values in prop::collection::vec(-20.0f32..20.0, 30)) {
            let scores = matrix(n, &values);
            let heads = tree(&scores);
            prop_assert!(is_tree(&heads), "{heads:?}");
            prop_assert!((total(&scores, &heads) - best_by_trying(&scores)).abs() < 1e-2, "{heads:?}");
        }

        #[test]
        fn any_scores_give_a_tree(n in 1usize..60, values in prop::collection::vec(-9.0f32..9.0, 61..3000)) {
            let heads = tree(&matrix(n, &values));
            prop_assert!(is_tree(&heads), "{heads:?}");
        }

        #[test]
        fn equal_and_broken_scores_give_a_tree(n in 1usize..30, value in prop_oneof![Just(0.0f32), Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)]) {
            let heads = tree(&matrix(n, &[value]));
            prop_assert!(is_tree(&heads), "{heads:?}");
        }
    }

    #[test]
    fn subject_and_auxiliary_agree_on_the_voice() {
        let mut scores = Matrix::zeros(3, crate::model::network::LABEL_WIDTH);
        scores.row_mut(0)[Dep::NsubjPass as usize] = 1.5;
        scores.row_mut(0)[Dep::Nsubj as usize] = 1.0;
        scores.row_mut(1)[Dep::Aux as usize] = 4.0;
        assert_eq!(
            relations(&scores, &[3, 3, 0], vec![Vec::new(); 3]),
            [Dep::Nsubj, Dep::Aux, Dep::Root]
        );
        scores.row_mut(1)[Dep::AuxPass as usize] = 3.8;
        assert_eq!(
            relations(&scores, &[3, 3, 0], vec![Vec::new(); 3]),
            [Dep::NsubjPass, Dep::AuxPass, Dep::Root]
        );
    }

    #[test]
    fn a_predicate_has_one_subject() {
        let mut scores = Matrix::zeros(3, crate::model::network::LABEL_WIDTH);
        scores.row_mut(0)[Dep::Nsubj as usize] = 3.0;
        scores.row_mut(2)[Dep::Nsubj as usize] = 2.0;
        scores.row_mut(2)[Dep::Obj as usize] = 1.0;
        assert_eq!(
            relations(&scores, &[2, 0, 2], vec![Vec::new(); 3]),
            [Dep::Nsubj, Dep::Root, Dep::Obj]
        );
    }
}
