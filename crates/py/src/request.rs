//! HTTP requests that are read without a parser for everything.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use tickyard_entry::Request;

type Bytes<'py> = Bound<'py, PyBytes>;
/// Method, target, headers with names in lower case, and body.
type Parts<'py> = (Bytes<'py>, Bytes<'py>, Bound<'py, PyDict>, Bytes<'py>);

/// Reads a text that is one plain request. None for every other text: parse it.
#[pyfunction]
pub fn read_request<'py>(text: &Bytes<'py>) -> PyResult<Option<Parts<'py>>> {
    let (py, bytes) = (text.py(), text.as_bytes());
    let Some(request) = Request::read(bytes) else {
        return Ok(None);
    };
    let headers = PyDict::new(py);
    for (name, value) in request.headers {
        let name = PyBytes::new_with(py, name.len(), |lower| {
            lower.copy_from_slice(&bytes[name]);
            lower.make_ascii_lowercase();
            Ok(())
        })?;
        headers.set_item(name, PyBytes::new(py, &bytes[value]))?;
    }
    let method = PyBytes::new(py, if request.is_post { b"POST" } else { b"GET" });
    Ok(Some((method, PyBytes::new(py, &bytes[request.target]), headers, PyBytes::new(py, &bytes[request.body..]))))
}
