"""Networks: sizes, parameters, and what has to fit them: examples, labels, masks, one keep_prob a layer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Annotated, Any, TypeAlias

import numpy as np

from course_utils.arguments.door import Domain
from course_utils.arguments.values import (
    Array,
    Parameters,
    checked_array,
    checked_choice,
    checked_count,
    checked_keep_prob,
    checked_matrix,
    checked_number,
    checked_reals,
    checked_rng,
    is_list,
    shown,
)

Given: TypeAlias = Mapping[str, Any]


def checked_mask(name: str, mask: Any, shape: tuple[int, ...]) -> Array:
    """Return a bool mask of ``shape``; for (n, m) also (n, 1), one mask shared by all examples."""
    if type(mask) is np.ndarray and mask.dtype == bool and mask.shape == shape:
        return mask
    array = checked_array(name, mask)
    allowed = [shape, (shape[0], 1)] if len(shape) == 2 else [shape]
    if array.shape not in allowed:
        raise ValueError(f"{name} must have shape {' or '.join(map(str, allowed))}, got {array.shape}")
    if not np.isin(array, (0, 1)).all():
        raise ValueError(f"{name} must hold zeros and ones only, got values from {array.min():g} to {array.max():g}")
    return array.astype(bool)


def checked_sizes(name: str, sizes: Any) -> list[int]:
    """Return the layer sizes n_0, n_1, ..., n_L as a list of at least two whole numbers >= 1."""
    if not is_list(sizes) or len(sizes) < 2:
        raise ValueError(f"{name} must list at least an input and an output size, got {shown(sizes)}")
    return [checked_count(f"{name}[{i}]", size) for i, size in enumerate(sizes)]


def checked_parameters(parameters: Any) -> list[int]:
    """Return the layer sizes n_0, n_1, ..., n_L of ``parameters`` after checking names, shapes and dtypes.

    ``W1`` has shape (n_1, n_0), ``b1`` (n_1, 1), and so on; nothing is missing and nothing else is there. All are
    NumPy arrays of one float dtype: whole numbers would round every step of training down to nothing.
    """
    if not isinstance(parameters, Mapping) or not parameters:
        raise TypeError(f"parameters must be a dict W1 b1 W2 b2 ..., got {shown(parameters)}")
    depth = max(len(parameters) // 2, 1)
    expected = {f"{letter}{layer}" for layer in range(1, depth + 1) for letter in "Wb"}
    if set(parameters) != expected:
        raise ValueError(f"parameters must have the keys W1 b1 W2 b2 ..., got {sorted(map(str, parameters))}")
    for name, array in parameters.items():
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
            raise TypeError(f"{name} must be a NumPy array of floats, got {shown(array)}")
        if array.dtype.newbyteorder("=") != parameters["W1"].dtype.newbyteorder("="):
            raise TypeError(f"{name} must have the dtype of W1, {parameters['W1'].dtype}, got {array.dtype}")
    sizes = [checked_matrix("W1", parameters["W1"], "(n_1, n_0)").shape[1]]
    for layer in range(1, depth + 1):
        W = checked_matrix(f"W{layer}", parameters[f"W{layer}"], "(n_out, n_in)")
        b = checked_matrix(f"b{layer}", parameters[f"b{layer}"], "(n_out, 1)")
        if W.shape[1] != sizes[-1]:
            raise ValueError(f"W{layer} must have {sizes[-1]} columns, one per unit below it, got shape {W.shape}")
        if b.shape != (W.shape[0], 1):
            raise ValueError(f"b{layer} must have shape ({W.shape[0]}, 1) to match W{layer}, got {b.shape}")
        sizes.append(W.shape[0])
    return sizes


def sizes_of(given: Given) -> list[int]:
    """Return the layer sizes of the network among the arguments, which is right by itself."""
    if "layer_sizes" in given:
        return list(given["layer_sizes"])
    if "network" in given:
        return list(given["network"].sizes)
    parameters = given["parameters"]
    return [parameters["W1"].shape[1], *(len(parameters[f"W{i + 1}"]) for i in range(len(parameters) // 2))]


def fitting_examples(name: str, x: Array, given: Given) -> Array:
    """Return examples (n_0, m) for the network among the arguments."""
    n = sizes_of(given)[0]
    if len(x) != n:
        raise ValueError(f"{name} must have {n} rows, one per column of W1, got shape {x.shape}")
    return x


def checked_keep_probs(name: str, value: Any) -> float | list[float]:
    """Return one probability to keep, or a list of them."""
    if not is_list(value):
        return checked_keep_prob(value, name)
    return [checked_keep_prob(q, f"{name}[{layer}]") for layer, q in enumerate(value)]


def one_each_layer(name: str, value: float | list[float], given: Given) -> float | list[float]:
    """Return keep_prob; a list has an entry for the input and one for each hidden layer."""
    depth = len(sizes_of(given)) - 1
    if is_list(value) and len(value) != depth:
        allowed = f"{depth} entries, one for the input and one per hidden layer"
        raise ValueError(f"{name} must have {allowed}, got {len(value)}: {shown(value)}")
    return value


def one_each_hidden_layer(names: Collection[str]) -> Domain:
    """Return the domain of one of ``names`` for all hidden layers, or a list with one for each."""

    def among(name: str, value: Any, given: Given) -> Any:
        if not is_list(value):
            return checked_choice(name, value, names)
        hidden = len(sizes_of(given)) - 2
        if len(value) != hidden:
            allowed = f"one name, or a list of {hidden}, one per hidden layer"
            raise ValueError(f"{name} must be {allowed}, got {len(value)}: {shown(value)}")
        return [checked_choice(f"{name}[{i}]", one, names) for i, one in enumerate(value)]

    return Domain(among=among)


def fitting_masks(masks: Any, sizes: Sequence[int], m: int) -> list[Array | None]:
    """Return masks that a caller gives: one entry per layer that can be dropped, None for none."""
    depth = len(sizes) - 1
    allowed = f"a list of {depth} entries (array or None), one for the input and one per hidden layer"
    if not isinstance(masks, list | tuple):
        raise TypeError(f"masks must be {allowed}, got {shown(masks)}")
    if len(masks) != depth:
        raise ValueError(f"masks must be {allowed}, got {len(masks)} entries")
    return [
        None if mask is None else checked_mask(f"masks[{layer}]", mask, (sizes[layer], m))
        for layer, mask in enumerate(masks)
    ]


def masks_to_use(_: str, masks: Any, given: Given) -> list[Array | None] | None:
    """Return masks for the examples among the arguments; None where they are still to be drawn."""
    return None if masks is None else fitting_masks(masks, sizes_of(given), given["x"].shape[1])


def rng_to_draw_masks(_: str, rng: Any, given: Given) -> np.random.Generator | None:
    """Return the rng, which may be None where no mask is drawn."""
    keep_probs = (
        given["keep_prob"] if is_list(given["keep_prob"]) else [given["keep_prob"]] * (len(sizes_of(given)) > 2)
    )
    drawn = given.get("masks") is None and any(q < 1 for q in keep_probs)
    return checked_rng(rng) if drawn or rng is not None else None


def mask_of(other: str) -> Domain:
    """Return the domain of a mask for another argument, or of one column for all of its columns."""
    return Domain(
        among=lambda name, mask, given: None if mask is None else checked_mask(name, mask, np.shape(given[other]))
    )


def fitting_labels(name: str, y: Any, shape: tuple[int, ...], cost: str, allowed: str) -> Array:
    """Return labels (n_L, m) of the shape of the logits: any numbers, "in [0, 1]", or "columns that sum to 1" too."""
    y = checked_matrix(name, y)
    if y.shape != shape:
        raise ValueError(f"{name} must have shape {shape}, as the network's output, got {y.shape}")
    if allowed != "any numbers" and (y.min() < 0 or y.max() > 1):
        raise ValueError(f"{name} must lie in [0, 1] for {cost}, got values from {y.min():g} to {y.max():g}")
    sums = y.sum(axis=0)
    if allowed == "columns that sum to 1" and not np.allclose(sums, 1, atol=1e-6):
        given = f"got sums from {sums.min():g} to {sums.max():g}"
        raise ValueError(f"{name} must have columns that sum to 1, such as one-hot labels, for {cost}, {given}")
    return y


def labels_for(costs: Mapping[str, Any]) -> Domain:
    """Return the domain of labels that suit the cost among the arguments and the logits there or those to come."""

    def among(name: str, y: Any, given: Given) -> Array:
        z = given["cache"]["z"][-1] if "cache" in given else given.get("z")
        shape = (sizes_of(given)[-1], given["x"].shape[1]) if z is None else z.shape
        return fitting_labels(name, y, shape, given["cost"], costs[given["cost"]].labels)

    return Domain(among=among)


def pair_to_test_for(costs: Mapping[str, Any]) -> Domain:
    """Return the domain of a pair (x, y) to test with, or None."""

    def alone(name: str, test: Any) -> tuple[Array, Any]:
        if not isinstance(test, list | tuple) or len(test) != 2:
            raise TypeError(f"{name} must be a pair (x, y) of arrays, got {shown(test)}")
        return checked_matrix(f"{name} x", test[0]), test[1]

    def among(name: str, test: tuple[Array, Any] | None, given: Given) -> tuple[Array, Array] | None:
        if test is None:
            return None
        x, cost = fitting_examples(f"{name} x", test[0], given), given["cost"]
        return x, fitting_labels(f"{name} y", test[1], (sizes_of(given)[-1], x.shape[1]), cost, costs[cost].labels)

    return Domain(alone, among)


def checked_logits(name: str, value: Any) -> Array:
    """Return a float array (n, m), not empty; it may hold nan."""
    array = checked_reals(name, value)
    if array.ndim != 2 or not array.size:
        raise ValueError(f"{name} must have shape (n, m) and not be empty, got {array.shape}")
    return array


def like(other: str) -> Domain:
    """Return the domain of an array of the shape of another argument: others would be broadcast into nonsense."""

    def among(name: str, value: Array, given: Given) -> Array:
        if value.shape != given[other].shape:
            raise ValueError(f"{name} must have the shape of {other}, {given[other].shape}, got {value.shape}")
        return value

    return Domain(checked_logits, among)


def checked_cache(name: str, cache: Any) -> dict[str, Any]:
    """Return what forward gave beside the logits."""
    if not isinstance(cache, dict) or not {"inputs", "z", "masks", "keep_probs", "activations"} <= set(cache):
        raise TypeError(f"{name} must be the dict that forward returned beside the logits, got {shown(cache)}")
    return cache


def cache_of_parameters(name: str, cache: dict[str, Any], given: Given) -> dict[str, Any]:
    """Return the cache if it is of a network with these parameters, in whatever order they stand."""
    layers = enumerate(zip(cache["z"], cache["inputs"], strict=True), start=1)
    shapes = {f"W{layer}": (len(z), len(a)) for layer, (z, a) in layers}
    there = {key: W.shape for key, W in given["parameters"].items() if key.startswith("W")}
    if shapes != there:
        raise ValueError(f"{name} must come from a network with the shapes of parameters, {there}, got {shapes}")
    return cache


def gradients_of_parameters(name: str, gradients: Any, given: Given) -> Parameters:
    """Return gradients, one array of the right shape for every parameter; they may be nan."""
    parameters = given["parameters"]
    if not isinstance(gradients, Mapping) or set(gradients) != set(parameters):
        there = list(gradients) if isinstance(gradients, Mapping) else shown(gradients)
        raise ValueError(f"{name} must be a dict with the keys of parameters, {list(parameters)}, got {there}")
    for key, value in parameters.items():
        if np.shape(gradients[key]) != np.shape(value):
            shape = np.shape(gradients[key])
            raise ValueError(f"{name} of {key} must have its shape, {np.shape(value)}, got {shape}")
    return {key: checked_reals(f"{name} of {key}", gradients[key]) for key in gradients}


def checked_mapping(name: str, value: Any) -> Parameters:
    """Return ``value`` if it is a dict, with plain arrays of floats; they may be nan."""
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a dict W1 b1 W2 b2 ..., got {shown(value)}")
    return {key: checked_reals(key, array) for key, array in value.items()}


def checked_network(_: str, parameters: Any) -> Parameters:
    """Return parameters if they are those of a network, as :func:`checked_reals` makes them."""
    checked_parameters(parameters)
    return {name: checked_reals(name, array) for name, array in parameters.items()}


def checked_scheme(name: str, value: Any) -> str | float:
    """Return a way to choose the standard deviation of first weights."""
    if isinstance(value, str) and value in ("he", "xavier"):
        return value
    return checked_number(name, value, "> 0, or 'he' or 'xavier'", 0.0, np.inf, open_low=True)


def checked_float_type(name: str, value: Any) -> type[np.floating[Any]]:
    """Return the type of parameters."""
    if value not in (np.float64, np.float32):
        raise ValueError(f"{name} must be numpy.float64 or numpy.float32, got {shown(value)}")
    return value


NamedArrays: TypeAlias = Annotated[Parameters, Domain(checked_mapping)]
NetworkParameters: TypeAlias = Annotated[Parameters, Domain(checked_network)]
Scheme: TypeAlias = Annotated[str | float, Domain(checked_scheme)]
FloatType: TypeAlias = Annotated[type[np.floating[Any]], Domain(checked_float_type)]
LayerSizes: TypeAlias = Annotated[Sequence[int], Domain(checked_sizes)]
Examples: TypeAlias = Annotated[Any, Domain(checked_matrix, fitting_examples)]
KeepProbs: TypeAlias = Annotated[Any, Domain(checked_keep_probs, one_each_layer)]
GivenMasks: TypeAlias = Annotated[Sequence[Array | None] | None, Domain(among=masks_to_use)]
MaskRng: TypeAlias = Annotated[Any, Domain(among=rng_to_draw_masks)]
Logits: TypeAlias = Annotated[Any, Domain(checked_logits)]
LikeLogits: TypeAlias = Annotated[Any, like("z")]
Cache: TypeAlias = Annotated[dict[str, Any], Domain(checked_cache, cache_of_parameters)]
Gradients: TypeAlias = Annotated[Parameters, Domain(among=gradients_of_parameters)]
