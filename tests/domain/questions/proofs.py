"""What each family of questions must answer, computed another way: with NumPy, SciPy and scikit-learn."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from scipy import integrate, optimize, signal, special, stats  # type: ignore[import-untyped]
from scipy.cluster.vq import vq  # type: ignore[import-untyped]
from sklearn import metrics  # type: ignore[import-untyped]
from sklearn.decomposition import PCA  # type: ignore[import-untyped]
from sklearn.dummy import DummyClassifier  # type: ignore[import-untyped]
from sklearn.feature_extraction.text import CountVectorizer  # type: ignore[import-untyped]
from sklearn.impute import SimpleImputer  # type: ignore[import-untyped]
from sklearn.linear_model import LinearRegression  # type: ignore[import-untyped]
from sklearn.model_selection import GridSearchCV, ParameterGrid  # type: ignore[import-untyped]
from sklearn.neighbors import KNeighborsRegressor  # type: ignore[import-untyped]
from sklearn.neural_network import MLPClassifier  # type: ignore[import-untyped]
from sklearn.preprocessing import MinMaxScaler, OneHotEncoder, StandardScaler  # type: ignore[import-untyped]
from sklearn.svm import SVC  # type: ignore[import-untyped]
from sklearn.tree import DecisionTreeClassifier  # type: ignore[import-untyped]


def rows_of(given: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """True and predicted classes, one row for each case of a confusion matrix."""
    true = np.repeat([1, 0, 1, 0], [given.found, given.alarms, given.missed, given.quiet])
    said = np.repeat([1, 1, 0, 0], [given.found, given.alarms, given.missed, given.quiet])
    return true, said


def false_positive_rate(given: Any) -> float:
    rates, _hits, _cuts = metrics.roc_curve(*rows_of(given), drop_intermediate=False)
    return float(rates[1])


def majority(given: Any) -> float:
    classes = np.repeat([0, 1], [given.common, given.rare])
    columns = np.zeros((len(classes), 1))
    return 100 * float(DummyClassifier(strategy="most_frequent").fit(columns, classes).score(columns, classes))


def bayes(given: Any) -> float:
    people = 1_000_000
    faulty = people * given.base / 100
    counts = np.array([[faulty * given.hit, faulty * (100 - given.hit)],
                       [(people - faulty) * given.alarm, (people - faulty) * (100 - given.alarm)]])  # fmt: skip
    return float(100 * counts[0, 0] / counts[:, 0].sum())


def z_score(given: Any) -> float:
    column = np.array([given.mean - given.deviation, given.mean + given.deviation])[:, None]
    return float(StandardScaler().fit(column).transform([[given.value]])[0, 0])


def descent(given: Any) -> float:
    def f(w: np.ndarray[Any, Any]) -> float:
        return float(given.scale * (w[0] - given.goal) ** 2)

    slope = optimize.approx_fprime(np.array([float(given.start)]), f, 1e-7)[0]
    return float(given.start - given.rate * slope)


def chain(given: Any) -> float:
    line = np.polynomial.Polynomial([given.b, given.a])
    return float((line**given.power).deriv()(given.x))


def tree_of(counts: list[Any], criterion: str) -> Any:
    """A tree of depth one on a column that holds the number of the child node."""
    column = np.repeat(np.arange(len(counts)), [sum(node) for node in counts])[:, None]
    classes = np.concatenate([np.repeat([0, 1], node) for node in counts])
    return DecisionTreeClassifier(criterion=criterion, max_depth=1).fit(column, classes).tree_


def gain(given: Any) -> float:
    tree = tree_of([given.left, given.right], "entropy")
    weights = tree.n_node_samples[1:] / tree.n_node_samples[0]
    return float(tree.impurity[0] - weights @ tree.impurity[1:])


def slope(given: Any) -> float:
    return float(LinearRegression().fit(np.array(given.x)[:, None], given.y).coef_[0])


def odds_ratio(given: Any) -> float:
    before, after = special.expit([0.3, 0.3 + given.weight * given.by])
    return float(after / (1 - after) / (before / (1 - before)))


def neighbors(given: Any) -> float:
    model = KNeighborsRegressor(given.k).fit(given.points, given.values)
    return float(model.predict([given.new])[0])


def knn_cost(given: Any) -> float:
    """Counted in arrays of a hundredth of the rows, which keeps them small."""
    stored, new = np.zeros((given.rows // 100, given.features)), np.zeros((given.new, given.features))
    return float((new[:, None, :] - stored[None, :, :]).size * 100)


def kmeans(given: Any) -> float:
    points, starts = np.array(given.points, float)[:, None], np.array(given.centers, float)[:, None]
    places, _distances = vq(points, starts)
    return float(points[places == 0].mean())


def margin(given: Any) -> float:
    """The widest margin between two points that lie 2 / |w| apart along w."""
    weights = np.array([given.a, given.b], float)
    half = weights / (weights @ weights)
    model = SVC(kernel="linear", C=1e6).fit([-half, half], [-1, 1])
    return float(2 / np.linalg.norm(model.coef_))


def hinge(given: Any) -> float:
    """Beside a row of the other class far on its right side, which costs nothing, since the library wants both."""
    return float(2 * metrics.hinge_loss([given.label, -given.label], [given.score, -9 * given.label]))


def min_max(given: Any) -> float:
    return float(MinMaxScaler().fit([[given.low], [given.high]]).transform([[given.value]])[0, 0])


def one_hot(given: Any) -> float:
    longest = max(given.categories)
    table = np.array([[row % count for count in given.categories] for row in range(longest)])
    return float(given.numeric + OneHotEncoder().fit_transform(table).shape[1])


def explained(given: Any) -> float:
    """PCA of points that lie along the axes with exactly these variances."""
    count = len(given.variances)
    points = np.vstack([np.diag(np.sqrt(given.variances)), -np.diag(np.sqrt(given.variances))])
    assert points.shape == (2 * count, count)
    return 100 * float(PCA().fit(points).explained_variance_ratio_[: given.kept].sum())


def tf_idf(given: Any) -> float:
    texts = ["word " * given.times] + ["word"] * (given.having - 1) + ["other"] * (given.texts - given.having)
    counts = CountVectorizer().fit(texts)
    column = counts.transform(texts).toarray()[:, counts.vocabulary_["word"]]
    return float(column[0] * np.log(len(column) / np.count_nonzero(column)))


def filled(given: Any) -> float:
    column = np.array([*given.known, *[np.nan] * given.missing], float)[:, None]
    return float(SimpleImputer().fit_transform(column).var())


def dense(given: Any) -> float:
    inputs, hidden, outputs = given.sizes
    rows = np.random.default_rng(0).normal(size=(outputs * 3, inputs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # not trained to the end, which is not needed to count
        model = MLPClassifier((hidden,), max_iter=1).fit(rows, np.arange(len(rows)) % outputs)
    count = sum(weights.size for weights in (*model.coefs_, *model.intercepts_))
    if outputs == 2:  # scikit-learn keeps one output for two classes
        count += hidden + 1
    return float(count)


def gradient(given: Any) -> float:
    def loss(weight: np.ndarray[Any, Any]) -> float:
        return float((weight[0] * given.x + given.bias - given.target) ** 2)

    return float(optimize.approx_fprime(np.array([float(given.weight)]), loss, 1e-7)[0])


def decay(given: Any) -> float:
    rate = given.rate
    for epoch in range(1, given.epoch + 1):
        rate *= given.factor if epoch % given.every == 0 else 1
    return float(rate)


def updates(given: Any) -> float:
    return float(len(np.array_split(np.arange(given.rows), range(given.batch, given.rows, given.batch))) * given.epochs)


class Counter(DummyClassifier):  # type: ignore[misc]
    """A model that counts how often it is trained."""

    trained = 0

    def __init__(self, a: int = 0, b: int = 0, c: int = 0) -> None:
        super().__init__()
        self.a, self.b, self.c = a, b, c

    def fit(self, *data: Any, **more: Any) -> Any:
        Counter.trained += 1
        return super().fit(*data, **more)


def fits(given: Any) -> float:
    grid = {name: list(range(count)) for name, count in zip("abc", given.values, strict=False)}
    assert len(ParameterGrid(grid)) == np.prod(given.values)
    if len(ParameterGrid(grid)) > 40:
        return float(len(ParameterGrid(grid)) * given.folds + 1)
    Counter.trained = 0
    GridSearchCV(Counter(), grid, cv=given.folds).fit(np.zeros((40, 1)), np.arange(40) % 2)
    return float(Counter.trained)


def convolved(given: Any) -> float:
    image = np.pad(np.ones((given.size, given.size)), given.padding)
    kernel = np.ones((given.window, given.window))
    return float(signal.convolve2d(image, kernel, mode="valid")[:: given.stride].shape[0])


def pooled(given: Any) -> float:
    windows = np.lib.stride_tricks.sliding_window_view(np.ones((given.size, given.size)), (given.window, given.window))
    return float(windows[:: given.stride, :: given.stride].max(axis=(2, 3)).size)


def filters(given: Any) -> float:
    weights = np.zeros((given.filters, given.channels, given.window, given.window))
    return float(weights.size + np.zeros(given.filters).size)


def field(given: Any) -> float:
    reached = np.array([1.0])
    for _layer in range(given.layers):
        reached = np.convolve(reached, np.ones(given.window))
    return float(np.count_nonzero(reached))


def overlap(given: Any) -> float:
    painted = np.zeros((2, 40, 40), bool)
    for layer, (left, top, right, bottom) in zip(painted, given, strict=True):
        layer[top:bottom, left:right] = True
    return float(metrics.jaccard_score(painted[0].ravel(), painted[1].ravel()))


def memory(given: Any) -> float:
    kind = {2: np.float16, 4: np.float32}[given.width]
    image = np.zeros((given.channels, given.side, given.side), kind)
    return float(image.nbytes * given.images / 2**20)


def lstm(given: Any) -> float:
    into = np.zeros((4 * given.units, given.inputs))
    back = np.zeros((4 * given.units, given.units))
    return float(into.size + back.size + np.zeros(4 * given.units).size)


def workers(given: Any) -> float:
    """The smallest whole number of workers whose time in a second covers the work of a second."""
    count = 1
    while count * 1000 < given.a_second * given.milliseconds:
        count += 1
    return float(count)


def stability(given: Any) -> float:
    before, now = np.array([given.before, 100 - given.before]), np.array([given.now, 100 - given.now])
    return float(stats.entropy(now, before) + stats.entropy(before, now))  # both directions of the KL divergence


def reciprocal(given: Any) -> float:
    found = []
    for place in given.places:
        relevant = np.zeros(10)
        if place:
            relevant[place - 1] = 1
        scores = np.arange(10, 0, -1)[None, :]
        found.append(metrics.label_ranking_average_precision_score(relevant[None, :], scores) if place else 0.0)
    return float(np.mean(found))


def recall_at(given: Any) -> float:
    films = max(60, given.relevant + given.shown)
    liked, shown = np.zeros(films, int), np.zeros(films, int)
    liked[: given.relevant] = 1
    shown[given.relevant - given.hits : given.relevant - given.hits + given.shown] = 1
    assert (liked & shown).sum() == min(given.hits, given.shown)
    return float(metrics.recall_score(liked, shown))


def half_width(given: Any) -> float:
    share = given.percent / 100
    return float(100 * 1.96 * stats.binom(given.cases, share).std() / given.cases)


def attended(given: Any) -> float:
    return float(special.softmax(given.scores) @ np.array(given.values))


def perplexity(given: Any) -> float:
    return float(1 / stats.gmean(np.array(given.percents) / 100))


def majority_vote(given: Any) -> float:
    return float(100 * stats.binom(given.models, given.percent / 100).sf(given.models // 2))


def squashed(given: Any) -> float:
    """The sigmoid as the area below its slope."""
    score = given.intercept + given.weight * given.value
    area, _error = integrate.quad(lambda z: special.expit(z) * (1 - special.expit(z)), -40, score)
    return float(area)


def lora(given: Any) -> float:
    """What is trained when the update is kept as a product of two factors, as in a truncated SVD."""
    factors = (np.zeros((given.rows, given.rank), np.int8), np.zeros((given.rank, given.columns), np.int8))
    assert np.linalg.matrix_rank(np.ones((4, given.rank)) @ np.ones((given.rank, 4))) <= given.rank
    return float(sum(factor.size for factor in factors))


def weight_memory(given: Any) -> float:
    """Measured on a thousandth of a billion of weights, packed into bytes."""
    bits = np.zeros(given.tenths * 100 * given.bits, np.uint8)
    return float(np.packbits(bits).nbytes * 1e6 / 1e9)


def kv_cache(given: Any) -> float:
    one = np.zeros((2, given.layers, given.heads, given.size), np.float16)
    return float(one.nbytes * given.tokens / 2**20)


def discounted(given: Any) -> float:
    """As a linear filter that runs back from the end."""
    return float(signal.lfilter([1], [1, -given.discount], given.rewards[::-1])[-1])


def q_update(given: Any) -> float:
    goal = given.reward + given.discount * np.max(given.following)
    return float(np.average([given.old, goal], weights=[1 - given.rate, given.rate]))


PROOFS: Final[dict[str, Callable[[Any], float]]] = {
    "g-dot-product": lambda given: float(np.dot(given.a, given.b)),
    "g-cosine": lambda given: float(metrics.pairwise.cosine_similarity([given.a], [given.b])[0, 0]),
    "g-matrix-cost": lambda given: float(
        (np.ones((given.rows, given.inner, 1)) * np.ones((1, given.inner, given.columns))).size
    ),
    "g-matrix-vector": lambda given: float((np.array([given.first, given.second]) @ np.array(given.vector))[1]),
    "g-descent-step": descent,
    "g-chain-rule": chain,
    "g-bayes": bayes,
    "g-expected-value": lambda given: float(
        stats.rv_discrete(values=([-given.loss, given.gain], [1 - given.percent / 100, given.percent / 100])).mean()
    ),
    "g-binomial": lambda given: float(stats.binom(given.tries, given.percent / 100).pmf(given.hits)),
    "g-z-score": z_score,
    "g-precision": lambda given: float(metrics.precision_score(*rows_of(given))),
    "g-recall": lambda given: float(metrics.recall_score(*rows_of(given))),
    "g-f1": lambda given: float(metrics.f1_score(*rows_of(given))),
    "g-false-positive-rate": false_positive_rate,
    "g-majority-baseline": majority,
    "g-mean-absolute-error": lambda given: float(metrics.mean_absolute_error(given.true, given.said)),
    "g-root-mean-squared-error": lambda given: float(metrics.root_mean_squared_error(given.true, given.said)),
    "g-r-squared": lambda given: float(metrics.r2_score(given.true, given.said)),
    "g-least-squares-slope": slope,
    "g-logistic-probability": squashed,
    "g-odds-ratio": odds_ratio,
    "g-knn-prediction": neighbors,
    "g-knn-cost": knn_cost,
    "g-kmeans-step": kmeans,
    "g-svm-margin": margin,
    "g-hinge-loss": hinge,
    "g-entropy": lambda given: float(stats.entropy(given, base=2)),
    "g-gini": lambda given: float(tree_of([given], "gini").impurity[0]),
    "g-information-gain": gain,
    "g-boosted-prediction": lambda given: float(np.polyval([sum(given.trees), given.base], given.rate)),
    "g-majority-vote": majority_vote,
    "g-min-max": min_max,
    "g-one-hot-columns": one_hot,
    "g-explained-variance": explained,
    "g-tf-idf": tf_idf,
    "g-group-leak": lambda given: float(np.isin(given.test, given.train).sum()),
    "g-mean-filling": filled,
    "g-relu-neuron": lambda given: float(np.clip(np.dot(given.inputs, given.weights) + given.bias, 0, None)),
    "g-dense-parameters": dense,
    "g-softmax": lambda given: float(special.softmax(given.values)[given.place]),
    "g-cross-entropy": lambda given: float(
        metrics.log_loss([given.place], [np.array(given.percents) / 100], labels=[0, 1, 2])
    ),
    "g-neuron-gradient": gradient,
    "g-step-decay": decay,
    "g-updates": updates,
    "g-grid-fits": fits,
    "g-conv-size": convolved,
    "g-pool-size": pooled,
    "g-conv-parameters": filters,
    "g-receptive-field": field,
    "g-iou": overlap,
    "g-batch-memory": memory,
    "g-attention-score": lambda given: float(np.array(given.query) @ np.array(given.key) * len(given.key) ** -0.5),
    "g-attention-output": attended,
    "g-embedding-parameters": lambda given: float(
        np.zeros((given.words, given.size), np.int8).size + np.zeros((given.places, given.size), np.int8).size
    ),
    "g-perplexity": perplexity,
    "g-lstm-parameters": lstm,
    "g-workers": workers,
    "g-stability-index": stability,
    "g-reciprocal-rank": reciprocal,
    "g-recall-at-k": recall_at,
    "g-accuracy-interval": half_width,
    "g-lora-parameters": lora,
    "g-weight-memory": weight_memory,
    "g-kv-cache": kv_cache,
    "g-discounted-return": discounted,
    "g-q-update": q_update,
    "g-percentage-error": lambda given: float(100 * metrics.mean_absolute_percentage_error(given.true, given.said)),
    "g-signal-left": lambda given: float(np.prod(np.full(given.steps, 1 - given.percent / 100))),
}
"""The answer of each family, by its id, from what the family was given."""
