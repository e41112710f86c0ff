def content_length(get_response):
    """With a length gunicorn need not send the answer in chunks."""

    def answer(request):
        response = get_response(request)
        response["Content-Length"] = str(len(response.content))
        return response

    return answer
