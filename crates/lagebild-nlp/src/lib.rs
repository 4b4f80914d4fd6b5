//! Sentences, words, morphology, dependency trees, times and amounts of German and English news.
