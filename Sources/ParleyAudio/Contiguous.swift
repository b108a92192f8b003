/// Lends the elements as one run of memory, copying them first only where they aren't one already.
///
/// Generic code in another module isn't specialised; this makes it cost one call for each buffer
/// and not one for each element.
func withContiguous<Element, Result>(
    _ elements: some Sequence<Element>,
    _ body: (UnsafeBufferPointer<Element>) -> Result
) -> Result {
    if let result = elements.withContiguousStorageIfAvailable(body) { return result }
    return Array(elements).withUnsafeBufferPointer(body)
}
